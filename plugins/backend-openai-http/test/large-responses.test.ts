import type { Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { OpenAIHttpBackend } from "../src/openai-http-backend.js";
import { memoryAtRest, memoryInUse } from "./support/memory-in-use.js";
import { chunk, delta, LAST_CHUNK, type RawServer, reply, STREAM_HEAD, startRawServer } from "./support/raw-server.js";
import { sendRequest, startBackend } from "./support/send-request.js";

const KB = 1024;
const MB = 1024 * KB;
const EVENT_BYTES = 64 * KB;
const EVENTS = (100 * MB) / EVENT_BYTES;
const USAGE = { prompt_tokens: 3, completion_tokens: EVENTS, total_tokens: EVENTS + 3 };
const END =
  chunk(delta({}, "stop")) +
  chunk(`data: ${JSON.stringify({ id: "chatcmpl-1", choices: [], usage: USAGE })}\n\n`) +
  chunk("data: [DONE]\n\n") +
  LAST_CHUNK;

/** Writes the same piece again and again, as fast as the reader takes it; `between` is called every so often. */
function writeMany(socket: Socket, piece: string, count: number, between: () => void, end: string): void {
  const bytes = Buffer.from(piece);
  let written = 0;
  const go = (): void => {
    while (written < count) {
      written += 1;
      if (written % 400 === 0) between();
      if (!socket.write(bytes)) return void socket.once("drain", go);
    }
    socket.write(end);
  };
  go();
}

const open: (OpenAIHttpBackend | Pick<RawServer, "close">)[] = [];

describe.each(["direct", "undici"] as const)("over %s", (transport) => {
  afterEach(async () => {
    for (const resource of open.splice(0).reverse())
      await ("shutdown" in resource ? resource.shutdown() : resource.close());
  });

  async function start(answer: (socket: Socket) => void): Promise<OpenAIHttpBackend> {
    const server = await startRawServer(answer);
    const backend = await startBackend(server.url, { transport });
    open.push(server, backend);
    return backend;
  }

  test("a stream of 100 MB in events of 64 kB holds its text and no more, and counts them all", async () => {
    const samples: number[] = [];
    const event = chunk(delta({ content: "x".repeat(EVENT_BYTES) }));
    const backend = await start((socket) => {
      socket.write(STREAM_HEAD);
      writeMany(socket, event, EVENTS, () => samples.push(memoryInUse()), END);
    });
    const before = await memoryAtRest();
    const { terminal, timings } = await sendRequest(backend, { keepText: false });
    expect(terminal.type).toBe("final");
    expect(terminal.response.outputMetrics.text_tokens).toBe(EVENTS);
    expect(timings.tokenIterations).toBe(EVENTS);
    expect(samples).toHaveLength(4);
    // words are counted in the whole text; the memory for it doubles when it is full
    expect(Math.max(...samples) - before).toBeLessThan(320 * MB);
    expect((await memoryAtRest()) - before).toBeLessThan(16 * MB);
  });

  test("an event of 64 kB that comes byte by byte is one token", async () => {
    const text = "0123456789abcdef".repeat(EVENT_BYTES / 16);
    const backend = await start((socket) => {
      const bytes = Buffer.from(STREAM_HEAD + chunk(delta({ content: text })) + END);
      let at = 0;
      const go = (): void => {
        socket.write(bytes.subarray(at, at + 1));
        at += 1;
        if (at < bytes.length) setImmediate(go);
      };
      go();
    });
    const { terminal, timings } = await sendRequest(backend);
    expect(terminal.response.text).toBe(text);
    expect(timings.tokenIterations).toBe(1);
  });

  test("a body of 100 MB is read, and gone when nobody wants its text", async () => {
    const [before, after] = JSON.stringify({
      id: "chatcmpl-1",
      choices: [{ index: 0, message: { role: "assistant", content: "?" }, finish_reason: "stop" }],
      usage: USAGE,
    }).split("?") as [string, string];
    const head = reply(200, before).replace(/length: \d+/, `length: ${before.length + 100 * MB + after.length}`);
    const backend = await start((socket) => {
      socket.write(head);
      writeMany(socket, "y".repeat(EVENT_BYTES), EVENTS, () => {}, after);
    });
    const memoryBefore = await memoryAtRest();
    const { terminal } = await sendRequest(backend, { keepText: false });
    expect(terminal.type).toBe("final");
    expect(terminal.response.outputMetrics).toMatchObject({ text_tokens: EVENTS, text_characters: 100 * MB });
    expect((await memoryAtRest()) - memoryBefore).toBeLessThan(16 * MB);
  });
});
