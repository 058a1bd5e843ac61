import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { HttpProtocolError } from "./http-protocol-error.js";
import { HttpResponseParser } from "./http-response-parser.js";

interface Parsed {
  readonly status: number | null;
  readonly contentType: string;
  readonly body: string;
  /** Whether the connection was free again; null when the response did not end. */
  readonly reusable: boolean | null;
  readonly error: string | null;
}

/** Reads one response from pieces that lie in a buffer which each piece overwrites. */
function parse(pieces: readonly Uint8Array[], closes: boolean): Parsed {
  const body: Buffer[] = [];
  let status: number | null = null;
  let contentType = "";
  let reusable: boolean | null = null;
  let error: string | null = null;
  const parser = new HttpResponseParser({
    onHead: (head) => {
      ({ status, contentType } = head);
    },
    onBody: (bytes, start, end) => body.push(Buffer.from(bytes.subarray(start, end))),
    onEnd: (isReusable) => {
      reusable = isReusable;
    },
  });
  const buffer = Buffer.alloc(Math.max(1, ...pieces.map(({ length }) => length)));
  parser.begin("POST");
  try {
    for (const piece of pieces) {
      buffer.set(piece);
      parser.push(buffer, piece.length);
      buffer.fill("\r\n", 0, piece.length);
    }
    if (closes) parser.close();
  } catch (thrown) {
    if (!(thrown instanceof HttpProtocolError)) throw thrown;
    error = thrown.message;
  }
  return { status, contentType, body: Buffer.concat(body).toString("latin1"), reusable, error };
}

interface Response {
  readonly bytes: Buffer;
  readonly expected: Parsed;
  readonly closes: boolean;
}

const token = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_!#$%&'*+.^`|~"), minLength: 1, maxLength: 12 });
const value = fc.string({ unit: fc.constantFrom(...'ab :;,=\t"\\/é\xff'), maxLength: 20 });
const data = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
/** Bytes that look like framing. */
const trap = fc
  .constantFrom("\r\n", "\r\n\r\n", "0\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "5\r\nab")
  .map((text) => Buffer.from(text));

const chunkOf = fc.record({
  data: fc.oneof(data, trap).filter(({ length }) => length > 0),
  zeros: fc.nat(3),
  upper: fc.boolean(),
  extension: fc.constantFrom("", "", "", ";a", ';a=b;c="d e"', " ;x"),
});

const chunked = fc
  .record({ chunks: fc.array(chunkOf, { maxLength: 6 }), trailers: fc.array(fc.tuple(token, value), { maxLength: 2 }) })
  .map(({ chunks, trailers }) => {
    const pieces = chunks.map((chunk) => {
      const size = "0".repeat(chunk.zeros) + chunk.data.length.toString(16);
      const line = `${chunk.upper ? size.toUpperCase() : size}${chunk.extension}\r\n`;
      return Buffer.concat([Buffer.from(line), chunk.data, Buffer.from("\r\n")]);
    });
    const lines = trailers.map(([name, text]) => `${name}: ${text}\r\n`).join("");
    return {
      header: "transfer-encoding: chunked",
      sent: Buffer.concat([...pieces, Buffer.from(`0\r\n${lines}\r\n`, "latin1")]),
      body: Buffer.concat(chunks.map((chunk) => chunk.data)),
    };
  });
const counted = fc.oneof(data, trap).map((body) => ({ header: `content-length: ${body.length}`, sent: body, body }));
const untilClose = fc.oneof(data, trap).map((body) => ({ header: "", sent: body, body }));

const response: fc.Arbitrary<Response> = fc
  .record({
    before: fc.array(
      fc.constantFrom("\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Hints\r\nlink: <a>\r\n\r\n"),
      {
        maxLength: 3,
      },
    ),
    status: fc.constantFrom(200, 201, 299, 404, 500, 503),
    reason: fc.constantFrom("", " ", " OK", " Not: Found"),
    fields: fc.array(fc.tuple(token, value), { maxLength: 5 }),
    isClosing: fc.boolean(),
    framing: fc.oneof(chunked, counted, untilClose),
  })
  .map(({ before, status, reason, fields, isClosing, framing }) => {
    const known = /^(content-length|transfer-encoding|connection|content-type)$/i;
    const lines = [
      `HTTP/1.1 ${status}${reason}`,
      ...fields.filter(([name]) => !known.test(name)).map(([name, text]) => `${name}:${text}`),
      "Content-Type: Text/Event-Stream; charset=utf-8",
      ...(isClosing ? ["connection: Close"] : []),
      ...(framing.header === "" ? [] : [framing.header]),
    ];
    const head = Buffer.from(`${before.join("")}${lines.join("\r\n")}\r\n\r\n`, "latin1");
    return {
      bytes: Buffer.concat([head, framing.sent]),
      expected: {
        status,
        contentType: "text/event-stream",
        body: framing.body.toString("latin1"),
        reusable: !isClosing && framing.header !== "",
        error: null,
      },
      closes: framing.header === "",
    };
  });

const cuts = fc.array(fc.nat(1000), { maxLength: 12 });

function cutAt(bytes: Buffer, positions: readonly number[]): readonly Buffer[] {
  const sorted = [...positions.map((at) => at % (bytes.length + 1)), bytes.length].sort((left, right) => left - right);
  return sorted.map((at, index) => bytes.subarray(index === 0 ? 0 : sorted[index - 1], at));
}

describe("HttpResponseParser", () => {
  test("a valid response in any pieces is read as it was written", () => {
    fc.assert(
      fc.property(response, cuts, ({ bytes, expected, closes }, positions) => {
        expect(parse([bytes], closes)).toEqual(expected);
        expect(parse(cutAt(bytes, positions), closes)).toEqual(expected);
        expect(
          parse(
            [...bytes].map((byte) => Uint8Array.of(byte)),
            closes,
          ),
        ).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test("a response with a wrong byte in any pieces is read, refused or left open as it is in one", () => {
    fc.assert(
      fc.property(response, cuts, fc.nat(1000), fc.nat(255), ({ bytes }, positions, at, byte) => {
        const broken = Buffer.from(bytes);
        broken[at % broken.length] = byte;
        const whole = parse([broken], true);
        const cut = parse(cutAt(broken, positions), true);
        // what follows a response or a fault is found out where a piece ends
        expect(cut.error === null).toBe(whole.error === null);
        expect(cut.status).toBe(whole.status);
        expect(cut.body).toBe(whole.body);
        expect(cut.reusable === null).toBe(whole.reusable === null);
      }),
      { numRuns: 500 },
    );
  });

  test("a response that is cut anywhere is not complete", () => {
    fc.assert(
      fc.property(
        response.filter(({ closes }) => !closes),
        fc.nat(1000),
        ({ bytes }, at) => {
          expect(parse([bytes.subarray(0, at % bytes.length)], true)).toMatchObject({ reusable: null, error: null });
        },
      ),
    );
  });

  test("any bytes in any pieces end in no other error", () => {
    const bytes = fc.array(fc.oneof(data, trap, fc.constant(Buffer.from("HTTP/1.1 200 OK\r\n"))), { maxLength: 6 });
    fc.assert(
      fc.property(bytes, cuts, (parts, positions) => {
        const all = Buffer.concat(parts);
        expect(parse(cutAt(all, positions), true).error === null).toBe(parse([all], true).error === null);
      }),
      { numRuns: 500 },
    );
  });
});
