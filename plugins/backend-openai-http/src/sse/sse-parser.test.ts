import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readFixture, readHttpFixtureBody } from "../../test/support/fixtures.js";
import { SseParser } from "./sse-parser.js";

type Event = readonly [data: string, type: string];

function parse(pieces: readonly Uint8Array[]): readonly Event[] {
  const events: Event[] = [];
  const parser = new SseParser({
    event: (bytes, start, end, type) => events.push([bytes.toString("utf8", start, end), type]),
  });
  // a reused read buffer, as a socket has: every piece lies between bytes that belong to no one
  const buffer = Buffer.alloc(Math.max(0, ...pieces.map(({ length }) => length)) + 2, "\n");
  for (const piece of pieces) {
    buffer.set(piece, 1);
    parser.push(buffer, 1, 1 + piece.length, 1);
    buffer.fill("\n");
  }
  parser.end(1);
  return events;
}

function push(parser: SseParser, piece: Buffer, atNs: number): void {
  parser.push(piece, 0, piece.length, atNs);
}

function parseText(text: string): readonly Event[] {
  return parse([Buffer.from(text)]);
}

/** The standard's algorithm over a whole decoded stream, in the plainest form. */
function parsePlainly(text: string): readonly Event[] {
  const events: Event[] = [];
  let data: string[] = [];
  let type = "";
  const dispatch = () => {
    if (data.length > 0) events.push([data.join("\n"), type]);
    data = [];
    type = "";
  };
  for (const line of text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/)) {
    const [, name, value] = /^([^:]*)(?::\s?)?([\s\S]*)$/.exec(line) ?? [];
    if (line === "") dispatch();
    else if (name === "data") data.push(line === "data" ? "" : line.slice(line.startsWith("data: ") ? 6 : 5));
    else if (name === "event") type = value ?? "";
  }
  dispatch();
  return events;
}

describe("SseParser", () => {
  test.each<[string, string, readonly Event[]]>([
    ["one event", "data: a\n\n", [["a", ""]]],
    [
      "CRLF",
      "data: a\r\n\r\ndata: b\r\n\r\n",
      [
        ["a", ""],
        ["b", ""],
      ],
    ],
    [
      "CR",
      "data: a\r\rdata: b\r\r",
      [
        ["a", ""],
        ["b", ""],
      ],
    ],
    [
      "mixed line ends",
      "data: a\n\r\ndata: b\r\n\r",
      [
        ["a", ""],
        ["b", ""],
      ],
    ],
    ["no space", "data:a\n\n", [["a", ""]]],
    ["only one space is taken", "data:  a\n\n", [[" a", ""]]],
    ["several data lines", "data: a\ndata\ndata: b\n\n", [["a\n\nb", ""]]],
    ["comments", ": keep-alive\n\n:\n\ndata: a\n: x\n\n", [["a", ""]]],
    [
      "event, id and retry",
      "event: e\nid: 1\nretry: 5\ndata: a\n\ndata: b\n\n",
      [
        ["a", "e"],
        ["b", ""],
      ],
    ],
    ["event without data", "event: e\n\ndata: a\n\n", [["a", ""]]],
    ["unknown and similar fields", "datax: 1\ndat: 2\neventx: 3\nfoo\ndata: a\n\n", [["a", ""]]],
    ["byte order mark", "\uFEFFdata: a\n\n", [["a", ""]]],
    [
      "a byte order mark inside is text",
      "data: a\uFEFF\n\n\uFEFFdata: b\n\ndata: c\n\n",
      [
        ["a\uFEFF", ""],
        ["c", ""],
      ],
    ],
    [
      "separators that are not line ends",
      "data: a\u2028b\u2029c\u0085d\u000be\n\n",
      [["a\u2028b\u2029c\u0085d\u000be", ""]],
    ],
    [
      "empty data",
      "data:\n\ndata\n\n",
      [
        ["", ""],
        ["", ""],
      ],
    ],
    [
      "end without a blank line",
      "data: a\n\ndata: b",
      [
        ["a", ""],
        ["b", ""],
      ],
    ],
    ["nothing", "", []],
  ])("%s", (_name, text, expected) => {
    expect(parseText(text)).toEqual(expected);
  });

  const FIXTURES: readonly (readonly [string, Buffer])[] = [
    ["chat-stream-continuous", readFixture("chat-stream-continuous.sse")],
    ["chat-keepalive", readHttpFixtureBody("chat-keepalive.http")],
    ["engine-death-chat", readHttpFixtureBody("engine-death-chat.http")],
    ["hostile", Buffer.from("\uFEFFdata: é\u2028😀\r\n\r\nevent: x\rdata: 1\rdata: 2\r\r: c\n\ndata:[DONE]")],
  ];

  test.each(FIXTURES)("%s: cut in two at every byte gives the same events", (_name, bytes) => {
    const whole = parse([bytes]);
    expect(whole.length).toBeGreaterThan(1);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(parse([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
    }
  });

  test.each(FIXTURES)("%s: byte by byte gives the same events", (_name, bytes) => {
    expect(parse([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(parse([bytes]));
  });

  test("any text in any pieces gives the events of the standard's algorithm", () => {
    const line = fc.oneof(
      fc.constantFrom("data: a", "data:b", "data", "event: e", "id: 1", ": c", "", "", "data: é😀\u2028", "x: y"),
      fc.string({ unit: "binary", maxLength: 8 }).map((text) => `data: ${text.replace(/[\r\n]/g, "")}`),
    );
    const stream = fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n", "\r")), { maxLength: 30 });
    const cuts = fc.array(fc.nat(400), { maxLength: 12 });
    fc.assert(
      fc.property(stream, cuts, (lines, positions) => {
        const bytes = Buffer.from(lines.map((parts) => parts.join("")).join(""));
        const sorted = [
          ...positions.filter((at) => at < bytes.length).sort((left, right) => left - right),
          bytes.length,
        ];
        const pieces = sorted.map((at, index) => bytes.subarray(index === 0 ? 0 : sorted[index - 1], at));
        expect(parse(pieces)).toEqual(parsePlainly(bytes.toString("utf8")));
      }),
      { numRuns: 500 },
    );
  });

  test("gives each event the instant of the piece that completed it", () => {
    const instants: number[] = [];
    const parser = new SseParser({ event: (_bytes, _start, _end, _type, atNs) => instants.push(atNs) });
    push(parser, Buffer.from("data: a\n\ndata: b\n"), 10);
    push(parser, Buffer.from("\ndata: c\n\n"), 20);
    expect(instants).toEqual([10, 20, 20]);
  });

  test("does not keep the memory of a piece", () => {
    const events: string[] = [];
    const parser = new SseParser({ event: (bytes, start, end) => events.push(bytes.toString("utf8", start, end)) });
    const piece = Buffer.from("data: first");
    push(parser, piece, 1);
    piece.fill(0x78);
    push(parser, Buffer.from("!\n\n"), 2);
    expect(events).toEqual(["first!"]);
  });

  test("stops within a piece", () => {
    const events: string[] = [];
    const parser = new SseParser({
      event: (bytes, start, end) => {
        events.push(bytes.toString("utf8", start, end));
        parser.stop();
      },
    });
    push(parser, Buffer.from("data: a\n\ndata: b\n\n"), 1);
    push(parser, Buffer.from("data: c\n\n"), 1);
    parser.end(1);
    expect(events).toEqual(["a"]);
  });

  test("refuses a line that never ends", () => {
    const parser = new SseParser({ event: () => {} });
    const piece = Buffer.alloc(4 * 1024 * 1024, "x");
    expect(() => {
      for (let count = 0; count < 5; count += 1) push(parser, piece, 1);
    }).toThrow("a line is longer than 16777216 bytes");
  });
});
