import { formatOf } from "../../src/api/formats.js";
import type { JsonObject } from "../../src/api/json-object.js";
import type { ResponseParts } from "../../src/api/response-reader.js";
import type { ReplayedFormat } from "./replayer.js";

/** What a stream says, read in the plainest way. */
export interface PlainReading {
  readonly response: Partial<ResponseParts>;
  /** Events up to the one that ended the reading. */
  readonly events: number;
  /** Events with a token. */
  readonly tokens: number;
  /** For each of these the offset in the response, framing included, at which it was complete. */
  readonly ends: readonly number[];
  /** Bytes of the body. */
  readonly bytes: number;
  readonly error: unknown;
}

/** Reads a whole response in chunks: the body first, then its lines, then each event with JSON.parse. */
export function plainly(response: Buffer, route: ReplayedFormat): PlainReading {
  const reader = formatOf(route).createReader({});
  const { body, offsets } = unchunk(response);
  const ends: number[] = [];
  let events = 0;
  let error: unknown = null;
  let at = 0;
  for (const part of splitKeeping(body, "\n\n")) {
    at += part.length;
    const lines = part.toString("utf8").split("\n");
    const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice("data: ".length));
    if (data.length === 0) continue;
    events += 1;
    if (data.join("\n") === "[DONE]") break;
    const payload = JSON.parse(data.join("\n")) as JsonObject;
    error = payload["error"] ?? null;
    if (error !== null) break;
    if (reader.readEvent(payload) !== "nothing") ends.push((offsets[at - 1] as number) + 1);
  }
  return { response: reader.parts(), events, tokens: ends.length, ends, bytes: body.length, error };
}

/** The body, and for each of its bytes the offset in the response. */
function unchunk(response: Buffer): { readonly body: Buffer; readonly offsets: readonly number[] } {
  const offsets: number[] = [];
  let at = response.indexOf("\r\n\r\n") + 4;
  for (;;) {
    const lineEnd = response.indexOf("\r\n", at);
    const size = Number.parseInt(response.toString("latin1", at, lineEnd), 16);
    if (!(size > 0)) break;
    for (let index = 0; index < size; index += 1) offsets.push(lineEnd + 2 + index);
    at = lineEnd + 2 + size + 2;
  }
  return { body: Buffer.from(offsets.map((offset) => response[offset] as number)), offsets };
}

function splitKeeping(bytes: Buffer, separator: string): readonly Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(separator); at >= 0; at = bytes.indexOf(separator, from)) {
    parts.push(bytes.subarray(from, at + separator.length));
    from = at + separator.length;
  }
  return parts;
}
