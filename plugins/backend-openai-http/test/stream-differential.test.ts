import { afterAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { formatOf } from "../src/api/formats.js";
import type { JsonObject } from "../src/api/json-object.js";
import type { ResponseParts } from "../src/api/response-reader.js";
import { type EventStream, eventStream } from "./support/event-streams.js";
import { STREAM_HEAD } from "./support/raw-server.js";
import { Replayer } from "./support/replayer.js";
import { typedStream } from "./support/typed-streams.js";

const DONE = Buffer.from("data: [DONE]\n\n");
const replayer = new Replayer();

afterAll(() => replayer.close());

/** Each event parsed with JSON.parse and read by itself. */
function parsePlainly({ route, events }: EventStream): { parts: ResponseParts; tokens: readonly number[] } {
  const reader = formatOf(route).createReader({});
  const tokens: number[] = [];
  for (const [index, event] of events.entries()) {
    if (reader.readEvent(JSON.parse(event.toString("utf8")) as JsonObject) !== "nothing") tokens.push(index);
  }
  return { parts: reader.parts(), tokens };
}

function framed(event: Buffer, type?: string): Buffer {
  const head = type === undefined ? "" : `event: ${type}\n`;
  return Buffer.concat([Buffer.from(`${head}data: `), event, Buffer.from("\n\n")]);
}

function allFramed({ events, types }: EventStream): readonly Buffer[] {
  return [...events.map((event, index) => framed(event, types?.[index])), DONE];
}

function inChunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
}

/** Pieces of a response, and for each event the piece in which it is complete. */
interface Pieces {
  readonly pieces: readonly Buffer[];
  readonly pieceOf: readonly number[];
}

/** Each event in a chunk and a piece of its own: the usual way, for which there is a shorter path. */
function onePieceEach(stream: EventStream): Pieces {
  const { events } = stream;
  const chunks = allFramed(stream).map(inChunk);
  return {
    pieces: [Buffer.from(STREAM_HEAD), ...chunks, Buffer.from("0\r\n\r\n")],
    pieceOf: events.map((_, index) => index + 1),
  };
}

/** Cut anywhere, without regard to events and chunks. */
function cutAt(stream: EventStream, positions: readonly number[]): Pieces {
  const { events } = stream;
  const parts = [Buffer.from(STREAM_HEAD), ...allFramed(stream).map(inChunk), Buffer.from("0\r\n\r\n")];
  const bytes = Buffer.concat(parts);
  const cuts = [...positions.map((at) => 1 + (at % bytes.length)), bytes.length];
  const sorted = [...new Set(cuts)].sort((left, right) => left - right);
  let at = STREAM_HEAD.length;
  const pieceOf = events.map((_, index) => {
    at += (parts[index + 1] as Buffer).length;
    return sorted.findIndex((cut) => cut >= at - "\r\n".length);
  });
  return { pieces: sorted.map((cut, index) => bytes.subarray(index === 0 ? 0 : sorted[index - 1], cut)), pieceOf };
}

async function check(stream: EventStream, { pieces, pieceOf }: Pieces, keepText: boolean): Promise<void> {
  const { parts, tokens } = parsePlainly(stream);
  const { terminal, iterations, responseBytes, tokenPieces } = await replayer.replay(pieces, stream.route, {
    keepText,
  });
  const texts = keepText ? {} : { text: null, reasoningText: null };
  expect(terminal).toEqual({ type: "final", response: { ...parts, ...texts, requestId: "", requestArgs: null } });
  expect(iterations).toBe(stream.events.length + 1);
  expect(responseBytes).toBe(Buffer.concat(allFramed(stream)).length);
  expect(tokenPieces).toEqual(tokens.map((index) => pieceOf[index]));
}

describe.each([
  ["choices", eventStream],
  ["typed events", typedStream],
])("%s", (_streams, arbitrary) => {
  test("events in pieces of their own are read as JSON.parse reads them", async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, fc.boolean(), (stream, keepText) => check(stream, onePieceEach(stream), keepText)),
      { numRuns: 1000 },
    );
  });

  test("events in any pieces are read as JSON.parse reads them", async () => {
    const cuts = fc.array(fc.nat(10_000), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(arbitrary, cuts, fc.boolean(), (stream, positions, keepText) =>
        check(stream, cutAt(stream, positions), keepText),
      ),
      { numRuns: 500 },
    );
  });
});

test.each([
  ["a comment", ": c", "final", "aa", ""],
  ["another field", "id: 1", "final", "aa", ""],
  ["data", "data: 1\n", "partial", "aa", "OPENAI_HTTP_MALFORMED"],
])("an event is not taken by itself where %s has begun", async (_name, begun, type, text, code) => {
  const event = framed(Buffer.from('{"choices":[{"index":0,"delta":{"content":"a"}}]}'));
  const pieces = [event, event, Buffer.from(begun), event, Buffer.concat([Buffer.from("\n\n"), DONE])].map(inChunk);
  const all = [Buffer.from(STREAM_HEAD), ...pieces, Buffer.from("0\r\n\r\n")];
  const { terminal } = await replayer.replay(all, "/v1/chat/completions");
  expect(terminal).toMatchObject({ type, response: { text } });
  if (terminal.type === "partial") expect(terminal.failure.code).toBe(code);
});
