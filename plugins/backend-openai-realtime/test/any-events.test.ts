import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { OpenAIWebSocketBackend } from "../src/openai-websocket-backend.js";
import { type RealtimeServer, startRealtimeServer } from "./support/realtime-server.js";
import { sendRequest, startBackend } from "./support/send-request.js";

/** What the server says to the next end of an audio, before it closes. */
let script: readonly string[] = [];
let server: RealtimeServer;
let backend: OpenAIWebSocketBackend;

beforeAll(async () => {
  server = await startRealtimeServer({
    event: (session, event) => {
      if (event["final"] !== true) return;
      for (const message of script) session.send(message);
      session.webSocket.close(1001);
    },
  });
  backend = await startBackend(server.url, { api_key: "sk-very-secret" });
});
afterAll(async () => {
  await backend.shutdown();
  await server.close();
});

const type = fc.constantFrom("transcription.delta", "transcription.done", "error", "session.created", "other");
const event = fc.record(
  { type, delta: fc.anything(), text: fc.anything(), usage: fc.anything(), error: fc.anything(), code: fc.anything() },
  { requiredKeys: ["type"] },
);
const delta = fc.string({ unit: "grapheme" }).map((text) => ({ type: "transcription.delta", delta: text }));
const message = fc.oneof(
  { weight: 3, arbitrary: fc.oneof(delta, event, fc.anything()).map((value) => JSON.stringify(value) ?? "undefined") },
  { weight: 1, arbitrary: fc.string() },
);

test("whatever a server says, a request ends once, with all that had arrived and stamps in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 8 }), async (messages) => {
      script = messages;
      const { events, terminal, timings } = await sendRequest(backend);
      expect(events.filter(({ type: each }) => each !== "first-token")).toHaveLength(1);
      expect(events.length).toBe(timings.tokenIterations > 0 ? 2 : 1);
      expect(JSON.stringify(structuredClone(events))).toBe(JSON.stringify(events));
      expect(JSON.stringify(events)).not.toContain("sk-very-secret");
      expect(timings.endNs).toBeGreaterThanOrEqual(timings.sendNs);
      expect(timings.tokenIterations).toBeLessThanOrEqual(timings.iterations);
      if (terminal.type === "partial") {
        expect(terminal.failure.code).toMatch(/^OPENAI_WEBSOCKET_/);
        expect(terminal.failure.message.length).toBeLessThanOrEqual(1024);
      }
      expect(terminal.response.text).toBe(expectedText(messages));
    }),
    { numRuns: 150 },
  );
});

/** The text by the plain rules: deltas until the end or an error, unless the end has a text of its own. */
function expectedText(messages: readonly string[]): string {
  let text = "";
  for (const each of messages) {
    const value = parse(each);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return text;
    const { type: kind, delta: added, text: whole } = value as Readonly<Record<string, unknown>>;
    if (kind === "error") return text;
    if (kind === "transcription.delta" && typeof added === "string") text += added;
    if (kind === "transcription.done") return typeof whole === "string" && whole !== "" ? whole : text;
  }
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
