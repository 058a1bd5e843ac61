import type { Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { OpenAIHttpErrorCode } from "../src/errors.js";
import type { OpenAIHttpBackend } from "../src/openai-http-backend.js";
import { memoryAtRest, memoryInUse } from "./support/memory-in-use.js";
import { chunk, delta, type RawServer, STREAM_HEAD, startRawServer } from "./support/raw-server.js";
import { failureOf, sendRequest, startBackend } from "./support/send-request.js";

const MB = 1024 * 1024;
const PIECE_BYTES = 64 * 1024;
const FILL = "x".repeat(PIECE_BYTES);
const TOKEN = chunk(delta({ content: "a" }));

interface EndlessResponse {
  readonly name: string;
  readonly begin: string;
  /** Written again and again until the client leaves. */
  readonly piece: string;
  readonly code: OpenAIHttpErrorCode;
  /** What had arrived before. */
  readonly text: string;
  /** Undici takes it as it comes, keeps nothing of it, and has no limit: those of the request end it. */
  readonly isNothingToUndici?: true;
}

/** Responses without an end; each is given up by a limit of its own. */
const ENDLESS: readonly EndlessResponse[] = [
  {
    name: "a line of data",
    begin: STREAM_HEAD + TOKEN + chunk("data: "),
    piece: chunk(FILL),
    code: "OPENAI_HTTP_TOO_LARGE",
    text: "a",
  },
  {
    name: "a comment",
    begin: STREAM_HEAD + TOKEN + chunk(": "),
    piece: chunk(FILL),
    code: "OPENAI_HTTP_TOO_LARGE",
    text: "a",
  },
  {
    name: "an event of many lines",
    begin: STREAM_HEAD + TOKEN,
    piece: chunk(`data: ${FILL}\n`),
    code: "OPENAI_HTTP_TOO_LARGE",
    text: "a",
  },
  {
    name: "a line that is no field",
    begin: STREAM_HEAD + TOKEN,
    piece: chunk(FILL),
    code: "OPENAI_HTTP_TOO_LARGE",
    text: "a",
  },
  {
    name: "a head of many lines",
    begin: "HTTP/1.1 200 OK\r\n",
    piece: `x-fill: ${FILL.slice(0, 1000)}\r\n`,
    code: "OPENAI_HTTP_PROTOCOL_ERROR",
    text: "",
  },
  {
    name: "a line of the head",
    begin: "HTTP/1.1 200 OK\r\nx-fill: ",
    piece: FILL,
    code: "OPENAI_HTTP_PROTOCOL_ERROR",
    text: "",
  },
  {
    name: "the size of a chunk",
    begin: STREAM_HEAD + TOKEN,
    piece: "0".repeat(PIECE_BYTES),
    code: "OPENAI_HTTP_PROTOCOL_ERROR",
    text: "a",
    isNothingToUndici: true,
  },
];

const open: (OpenAIHttpBackend | RawServer)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse())
    await ("shutdown" in resource ? resource.shutdown() : resource.close());
});

/** @param between - Called after every eight megabytes. */
function writeForEver(socket: Socket, piece: string, between: () => void): void {
  const bytes = Buffer.from(piece);
  let untilNext = 8 * MB;
  const go = (): void => {
    while (!socket.destroyed) {
      untilNext -= bytes.length;
      if (untilNext < 0) {
        untilNext = 8 * MB;
        between();
      }
      if (!socket.write(bytes)) return void socket.once("drain", go);
    }
  };
  go();
}

describe.each(["direct", "undici"] as const)("a response without an end, over %s", (transport) => {
  test.each(ENDLESS)("$name", async ({ begin, piece, code, text, isNothingToUndici }) => {
    const isTimed = transport === "undici" && isNothingToUndici === true;
    const samples: number[] = [];
    const server = await startRawServer((socket) => {
      socket.write(begin);
      writeForEver(socket, piece, () => samples.push(memoryInUse()));
    });
    const backend = await startBackend(server.url, { transport, timeout_total: isTimed ? 0.2 : null });
    open.push(server, backend);
    const before = await memoryAtRest();
    const { failure, response } = failureOf(await sendRequest(backend));
    expect([failure.code, response.text]).toEqual([isTimed ? "OPENAI_HTTP_TOTAL_TIMEOUT" : code, text]);
    await server.openAtMost(0);
    expect(Math.max(before, ...samples) - before).toBeLessThan(64 * MB);
    expect((await memoryAtRest()) - before).toBeLessThan(16 * MB);
  });
});
