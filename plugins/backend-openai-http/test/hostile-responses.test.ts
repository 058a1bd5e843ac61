import type { Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { OpenAIHttpBackend } from "../src/openai-http-backend.js";
import { FRAMING } from "./hostile/framing.js";
import { HEADS } from "./hostile/heads.js";
import { END, type HostileCase, type Told, TWO_TOKENS } from "./hostile/hostile-case.js";
import { STATUSES } from "./hostile/statuses.js";
import { STREAMS } from "./hostile/streams.js";
import { EVENT_VALUES, WHOLE_VALUES } from "./hostile/values.js";
import { type RawServer, STREAM_HEAD, startRawServer } from "./support/raw-server.js";
import { type Outcome, sendRequest, startBackend } from "./support/send-request.js";

/** Seconds without a byte: what hangs ends with a timeout, which no case expects but those of silence. */
const HANG = 3;
const SILENCE = 0.1;

const GROUPS: readonly (readonly [string, readonly HostileCase[]])[] = [
  ["head", HEADS],
  ["framing", FRAMING],
  ["status", STATUSES],
  ["stream", STREAMS],
  ["value in an event", EVENT_VALUES],
  ["value in a whole response", WHOLE_VALUES],
];

const open: (OpenAIHttpBackend | RawServer)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse())
    await ("shutdown" in resource ? resource.shutdown() : resource.close());
});

describe.each(["direct", "undici"] as const)("over %s", (transport) => {
  describe.each(GROUPS)("%s", (_group, cases) => {
    test.each(cases.map((given) => [given.name, given] as const))("%s", async (_name, given) => {
      const told = transport === "undici" && given.overUndici !== null ? given.overUndici.told : given.told;
      let isHostile = true;
      const server = await startRawServer((socket, { head }) => {
        if (isHostile) answer(socket, given, head, server.url);
        else socket.write(STREAM_HEAD + TWO_TOKENS + END);
      });
      const timeout = told.code?.endsWith("TIMEOUT") ? SILENCE : HANG;
      const backend = await startBackend(server.url, { transport, timeout, stream: given.whole !== true });
      open.push(server, backend);
      const outcome = await sendRequest(backend);
      expect(summary(outcome)).toMatchObject(told);
      expect(outcome.timings.endNs).not.toBeNaN();
      expect(backend.transportStats.requestsInFlight).toBe(0);
      // whatever came before, and whatever came with it, does not reach the next request
      isHostile = false;
      const next = await sendRequest(backend);
      expect(summary(next)).toMatchObject({ code: null, text: "ab" });
      expect(next.timings.retried).toBe(false);
    });
  });
});

function answer(socket: Socket, { sends, afterwards }: HostileCase, head: string, url: string): void {
  const bytes = Buffer.from(typeof sends === "function" ? sends(head, url) : sends);
  if (afterwards === "closes") socket.end(bytes);
  else if (afterwards === "resets") socket.write(bytes, () => socket.resetAndDestroy());
  else socket.write(bytes);
}

function summary({ terminal, timings }: Outcome): Told & { readonly message?: string } {
  const { text, outputMetrics } = terminal.response;
  const arrived = { text, tokens: timings.tokenIterations, outputTokens: outputMetrics.text_tokens };
  if (terminal.type === "final") return { code: null, ...arrived };
  return {
    ...arrived,
    retryAfterSeconds: undefined,
    ...terminal.failure,
    code: terminal.failure.code as NonNullable<Told["code"]>,
  };
}
