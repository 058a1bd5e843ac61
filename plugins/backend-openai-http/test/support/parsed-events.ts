import { SseParser } from "../../src/sse/sse-parser.js";
import { HttpResponseParser } from "../../src/transport/direct/http-response-parser.js";

/** What both parsers make of the pieces of a response: its head, the data of its events, its end. */
export function parsedEvents(pieces: readonly Uint8Array[]): readonly string[] {
  const found: string[] = [];
  const events = new SseParser({ event: (bytes, start, end) => found.push(bytes.toString("utf8", start, end)) });
  const parser = new HttpResponseParser({
    onHead: (head) => found.push(JSON.stringify(head)),
    onBody: (bytes, start, end) => events.push(bytes, start, end, 0),
    onEnd: (reusable) => {
      events.end(0);
      found.push(`end ${reusable}`);
    },
  });
  const buffer = Buffer.alloc(Math.max(...pieces.map(({ length }) => length)));
  parser.begin("POST");
  for (const piece of pieces) {
    buffer.set(piece);
    parser.push(buffer, piece.length);
    buffer.fill("\n", 0, piece.length); // the next read overwrites it
  }
  return found;
}
