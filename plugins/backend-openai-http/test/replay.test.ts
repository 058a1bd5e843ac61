import { readdirSync, readFileSync } from "node:fs";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import type { OpenAIHttpBackend } from "../src/openai-http-backend.js";
import { parsedEvents } from "./support/parsed-events.js";
import { plainly } from "./support/plain-reading.js";
import { chunk, LAST_CHUNK, type RawServer, STREAM_HEAD, startRawServer } from "./support/raw-server.js";
import { type ReplayedFormat, Replayer } from "./support/replayer.js";
import { sendRequest, startBackend } from "./support/send-request.js";

interface Recording {
  readonly name: string;
  readonly route: ReplayedFormat;
  /** As it came, head and framing included. */
  readonly bytes: Buffer;
}

const FILES = [
  "src/__fixtures__/chat-keepalive.http",
  "src/__fixtures__/chat-stream-continuous.sse",
  "src/__fixtures__/chat-stream-usage.sse",
  "src/__fixtures__/chat-stream.http",
  "src/__fixtures__/chat-with-metrics-stream-interval-4.sse",
  "src/__fixtures__/completion-empty-text.http",
  "src/__fixtures__/completion-prefix-cached-stream.sse",
  "src/__fixtures__/completion-stream-continuous.sse",
  "src/__fixtures__/completion-two-prompts-n2.http",
  "src/__fixtures__/engine-death-chat.http",
  "src/__fixtures__/engine-death-completion.http",
  "test/fixtures/chat-stream.sse",
  "test/fixtures/completion-keepalive.http",
  "test/fixtures/completion-logprobs-ids-stream.sse",
  "test/fixtures/completion-stream-usage.sse",
  "test/fixtures/completion-stream.http",
  "test/fixtures/completion-stream.sse",
  "test/fixtures/completion-with-metrics-stream-interval-4.sse",
  "test/fixtures/messages-stream.sse",
  "test/fixtures/responses-stream.http",
  "test/fixtures/responses-stream.sse",
] as const;

const ROUTES: readonly (readonly [RegExp, ReplayedFormat])[] = [
  [/chat/, "/v1/chat/completions"],
  [/completion/, "/v1/completions"],
  [/responses/, "/v1/responses"],
  [/messages/, "/v1/messages"],
];

const RECORDINGS: readonly Recording[] = FILES.map((path) => {
  const bytes = readFileSync(new URL(`../${path}`, import.meta.url));
  const name = path.replace(/^.*\//, "");
  const route = ROUTES.find(([pattern]) => pattern.test(name))?.[1];
  if (route === undefined) throw new Error(`no route for ${name}`);
  return { name, route, bytes: path.endsWith(".sse") ? inChunks(bytes) : bytes };
});

/** A body as the server framed it: each event a chunk. */
function inChunks(body: Buffer): Buffer {
  const events = body.toString("utf8").match(/[\s\S]+?\n\n/g) ?? [];
  return Buffer.from(STREAM_HEAD + events.map(chunk).join("") + LAST_CHUNK);
}

const TRANSPORTS = ["direct", "undici"] as const;
/** Cuts of one test: a busy machine takes long for all of a recording. */
const CUTS_OF_A_TEST = 1500;

/** Ranges of cuts, each up to but not including its end, that make up all of a recording. */
function rangesOf(bytes: number): [from: number, to: number][] {
  const count = Math.ceil((bytes - 1) / CUTS_OF_A_TEST);
  return Array.from({ length: count }, (_, at) => [
    1 + at * CUTS_OF_A_TEST,
    Math.min(bytes, 1 + (at + 1) * CUTS_OF_A_TEST),
  ]);
}

const replayers = { direct: new Replayer("direct"), undici: new Replayer("undici") };
const open: (OpenAIHttpBackend | RawServer)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse())
    await ("shutdown" in resource ? resource.shutdown() : resource.close());
});

afterAll(async () => {
  for (const transport of TRANSPORTS) await replayers[transport].close();
});

test("every recorded stream is replayed", () => {
  const folders = ["src/__fixtures__", "test/fixtures"];
  const recorded = folders.flatMap((folder) =>
    readdirSync(new URL(`../${folder}/`, import.meta.url)).map((name) => `${folder}/${name}`),
  );
  const streams = recorded.filter((path) => {
    if (path.endsWith(".sse")) return true;
    return (
      path.endsWith(".http") && /event-stream/i.test(readFileSync(new URL(`../${path}`, import.meta.url), "latin1"))
    );
  });
  expect(streams.sort()).toEqual([...FILES].sort());
});

describe.each(RECORDINGS)("$name", ({ route, bytes }) => {
  const expected = plainly(bytes, route);

  describe.each(TRANSPORTS)("over %s", (transport) => {
    const replayer = replayers[transport];

    test("read whole it is what a plain reading gives", async () => {
      const { terminal, iterations, tokenPieces } = await replayer.replay([bytes], route);
      expect(expected.tokens).toBeGreaterThan(1);
      expect(terminal).toMatchObject({
        type: expected.error === null ? "final" : "partial",
        response: expected.response,
      });
      expect(iterations).toBe(expected.events);
      expect(tokenPieces).toHaveLength(expected.tokens);
    });

    test("byte by byte it is the same, and each token has the instant of its last byte", async () => {
      const { terminal, iterations, responseBytes } = await replayer.replay([bytes], route);
      const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
      const tokenPieces = expected.ends.map((end) => end - 1);
      expect(await replayer.replay(pieces, route)).toEqual({ terminal, iterations, responseBytes, tokenPieces });
    });

    test.each(rangesOf(bytes.length))(
      "cut in two at every byte from %i to %i it is the same, and each token has the instant of the piece with its end",
      async (from, to) => {
        const whole = await replayer.replay([bytes], route);
        const told = JSON.stringify([whole.terminal, whole.iterations]);
        for (let at = from; at < to; at += 1) {
          const cut = await replayer.replay([bytes.subarray(0, at), bytes.subarray(at)], route);
          // comparing texts takes a hundredth of the time
          if (JSON.stringify([cut.terminal, cut.iterations]) !== told) expect({ at, ...cut }).toEqual({ at, ...whole });
          const pieces = expected.ends.map((end) => (end <= at ? 0 : 1));
          if (String(cut.tokenPieces) !== String(pieces))
            expect({ at, pieces: cut.tokenPieces }).toEqual({ at, pieces });
        }
      },
    );

    test("whole and byte by byte over a real connection it is the same", async () => {
      let isWhole = true;
      const server = await startRawServer((socket) => {
        if (isWhole) socket.write(bytes);
        else for (const byte of bytes) socket.write(Uint8Array.of(byte));
      });
      const backend = await startBackend(server.url, { transport, request_format: route, timeout: 5 });
      open.push(server, backend);
      const whole = await sendRequest(backend);
      isWhole = false;
      const pieces = await sendRequest(backend);
      for (const { terminal, timings } of [whole, pieces]) {
        expect(terminal).toMatchObject({
          type: expected.error === null ? "final" : "partial",
          response: expected.response,
        });
        expect(timings.tokenIterations).toBe(expected.tokens);
        expect(timings.iterations).toBe(expected.events);
        expect(timings.responseBytes).toBe(expected.bytes);
      }
    });
  });

  test("cut in two at every byte both parsers give the same", () => {
    const whole = parsedEvents([bytes]);
    expect(whole.length).toBeGreaterThan(expected.events);
    const text = whole.join("\n");
    for (let at = 1; at < bytes.length; at += 1) {
      const cut = parsedEvents([bytes.subarray(0, at), bytes.subarray(at)]);
      // comparing texts takes a hundredth of the time
      if (cut.join("\n") !== text) expect({ at, cut }).toEqual({ at, cut: whole });
    }
  });
});
