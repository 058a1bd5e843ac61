import { chunk, delta, LAST_CHUNK, reply, STREAM_HEAD } from "../support/raw-server.js";
import {
  accepted,
  closed,
  DONE,
  END,
  failed,
  type HostileCase,
  kept,
  reset,
  TWO_TOKENS,
  WHOLE,
  wholeWith,
  withHead,
} from "./hostile-case.js";

const REFUSED = failed("PROTOCOL_ERROR", "stream", { status: 200, text: "ab", tokens: 2 });
const LOST = failed("CONNECTION_LOST", "stream", { status: 200, text: "ab", tokens: 2 });
const SILENT = failed("READ_TIMEOUT", "stream", { status: 200, text: "ab", tokens: 2 });
const GOOD = accepted("ab", { tokens: 2 });
const CHUNKED = STREAM_HEAD + TWO_TOKENS;
const CLOSING = STREAM_HEAD.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n") + TWO_TOKENS;
const EVENTS = delta({ content: "a" }) + delta({ content: "b" });
const UNTIL_CLOSE = withHead(["HTTP/1.1 200 OK", "content-type: text/event-stream"], EVENTS);
const SIZE = (data: string): string => Buffer.byteLength(data).toString(16);

/** A chunk with the end marker whose size line is the given one, then the zero chunk. */
function lastWith(sizeLine: string): string {
  return `${CHUNKED}${sizeLine}\r\n${DONE}\r\n${LAST_CHUNK}`;
}

/** Bodies whose ends are told wrongly, or that end early. */
export const FRAMING: readonly HostileCase[] = [
  kept("chunk size of letters", lastWith("zz"), REFUSED),
  kept("empty chunk size", lastWith(""), REFUSED),
  kept("negative chunk size", lastWith("-e"), REFUSED),
  kept("chunk size with a prefix", lastWith(`0x${SIZE(DONE)}`), REFUSED),
  kept("blank before the chunk size", lastWith(` ${SIZE(DONE)}`), REFUSED),
  kept("blank behind the chunk size", lastWith(`${SIZE(DONE)} `), GOOD, {
    told: REFUSED,
    because: "its parser takes no blanks there",
  }),
  kept("chunk size with leading zeros", lastWith(`0000${SIZE(DONE)}`), GOOD),
  kept("chunk size in capitals", lastWith(SIZE(DONE).toUpperCase()), GOOD),
  kept("chunk size of 17 digits", lastWith("10000000000000000"), REFUSED),
  closed("chunk size of 16 digits", lastWith("ffffffffffffffff"), REFUSED, {
    told: GOOD,
    because: "its parser counts to 2^64 - 1: what follows is the chunk",
  }),
  closed("chunk size of a terabyte, closed", `${CHUNKED}10000000000\r\n${DONE.slice(0, -2)}`, LOST),
  kept("chunk extension", lastWith(`${SIZE(DONE)};a=b;c="d e"`), GOOD),
  kept("empty chunk extension", lastWith(`${SIZE(DONE)};`), GOOD, {
    told: REFUSED,
    because: "its parser wants a name",
  }),
  kept("chunk extension of 100 kB", lastWith(`${SIZE(DONE)};${"a".repeat(100_000)}`), REFUSED, {
    told: GOOD,
    because: "its parser has no limit",
  }),
  kept("size line that ends with LF", `${CHUNKED}${SIZE(DONE)}\n${DONE}\r\n${LAST_CHUNK}`, REFUSED),
  kept("size line that ends with CR", `${CHUNKED}${SIZE(DONE)}\r${DONE}\r\n${LAST_CHUNK}`, REFUSED),
  kept("chunk longer than its size", `${CHUNKED}2\r\n: comment\r\n${LAST_CHUNK}`, REFUSED),
  kept("chunk shorter than its size", `${CHUNKED}c\r\n: comment\r\n${LAST_CHUNK}`, REFUSED),
  kept("chunk without its line end", `${CHUNKED}9\r\n: comment${LAST_CHUNK}`, REFUSED),
  kept("another head between chunks", `${CHUNKED}${reply(503, "{}")}`, REFUSED),
  kept("an error as plain text between chunks", `${CHUNKED}Internal Server Error`, REFUSED),
  kept("trailers", `${CHUNKED}${chunk(DONE)}0\r\nx-a: 1\r\nx-b: 2\r\n\r\n`, GOOD),
  kept("trailers that repeat the framing", `${CHUNKED}${chunk(DONE)}0\r\ncontent-length: 5\r\n\r\n`, GOOD),
  kept("trailers of 100 kB", `${CHUNKED}0\r\nx-a: ${"a".repeat(100_000)}\r\n\r\n`, REFUSED),
  kept(
    "trailers of 100 kB behind the end marker",
    `${CHUNKED}${chunk(DONE)}0\r\nx-a: ${"a".repeat(100_000)}\r\n\r\n`,
    GOOD,
  ),
  closed("trailers that never end", `${CHUNKED}0\r\nx-a: 1\r\n`, LOST),
  closed("zero chunk without its blank line, closed", `${CHUNKED}0\r\n`, LOST),
  kept("zero chunk of many zeros", `${CHUNKED}${chunk(DONE)}000000\r\n\r\n`, GOOD),
  closed("no zero chunk, closed", CHUNKED, LOST),
  reset("no zero chunk, reset", CHUNKED, LOST),
  kept("no zero chunk, silent", CHUNKED, SILENT),
  closed("no zero chunk on a connection that was to close, closed", CLOSING, LOST),
  reset("no zero chunk on a connection that was to close, reset", CLOSING, LOST),
  closed("no zero chunk behind the end marker, closed", CHUNKED + chunk(DONE), GOOD),
  reset("no zero chunk behind the end marker, reset", CHUNKED + chunk(DONE), GOOD),
  kept("no zero chunk behind the end marker, silent", CHUNKED + chunk(DONE), GOOD),
  kept("wrong chunk behind the end marker", `${CHUNKED}${chunk(DONE)}zz\r\n`, GOOD),
  closed("finish reason, no zero chunk, closed", CHUNKED + chunk(delta({}, "stop")), LOST),
  closed(
    "head of a stream, closed",
    STREAM_HEAD,
    failed("CONNECTION_LOST", "stream", { status: 200, text: "", tokens: 0 }),
  ),
  reset(
    "head of a stream, reset",
    STREAM_HEAD,
    failed("CONNECTION_LOST", "stream", { status: 200, text: "", tokens: 0 }),
  ),
  kept("head of a stream, silent", STREAM_HEAD, failed("READ_TIMEOUT", "stream", { status: 200, text: "" })),
  closed("half a chunk, closed", `${CHUNKED}${chunk(delta({ content: "c" })).slice(0, 30)}`, LOST),
  reset("half a chunk, reset", `${CHUNKED}${chunk(delta({ content: "c" })).slice(0, 30)}`, LOST),
  kept("a chunk for every byte", STREAM_HEAD + [...(EVENTS + DONE)].map(chunk).join("") + LAST_CHUNK, GOOD),
  closed("until the end of the connection, closed", UNTIL_CLOSE + DONE, GOOD),
  closed(
    "until the end of the connection, cut between events",
    UNTIL_CLOSE,
    failed("TRUNCATED", "stream", { text: "ab", tokens: 2 }),
  ),
  reset("until the end of the connection, reset", UNTIL_CLOSE, LOST, {
    told: failed("TRUNCATED", "stream", { text: "ab" }),
    because: "it takes a reset for the end of a body that has no length, as macOS reports one",
  }),
  closed(
    "shorter than its length, closed",
    wholeWith([`content-length: ${WHOLE.length + 5}`]),
    failed("CONNECTION_LOST", "body", { status: 200, text: "" }),
  ),
  reset(
    "shorter than its length, reset",
    wholeWith([`content-length: ${WHOLE.length + 5}`]),
    failed("CONNECTION_LOST", "body", { status: 200, text: "" }),
  ),
  kept(
    "shorter than its length, silent",
    wholeWith([`content-length: ${WHOLE.length + 5}`]),
    failed("READ_TIMEOUT", "body", { status: 200, text: "" }),
  ),
  closed(
    "shorter than its length, on a connection that was to close",
    wholeWith(["connection: close", `content-length: ${WHOLE.length + 5}`]),
    failed("CONNECTION_LOST", "body", { status: 200, text: "" }),
  ),
  closed(
    "stream shorter than its length",
    withHead(["HTTP/1.1 200 OK", "content-type: text/event-stream", "content-length: 5000"], EVENTS),
    LOST,
  ),
  kept("longer than its length", wholeWith([`content-length: ${WHOLE.length}`], `${WHOLE}garbage`), accepted("ab")),
  kept("another response behind it", reply(200, WHOLE) + reply(200, WHOLE.replace("ab", "cd")), accepted("ab")),
  kept("another response behind its zero chunk", CHUNKED + END + reply(200, WHOLE.replace("ab", "cd")), GOOD),
  kept("half a response behind it", `${reply(200, WHOLE)}HTTP/1.1 2`, accepted("ab")),
  kept("blank lines behind it", `${reply(200, WHOLE)}\r\n\r\n`, accepted("ab")),
  closed("garbage behind the zero chunk", `${CHUNKED}${END}\0\0garbage`, GOOD),
  kept("length of zero", reply(200, ""), failed("MALFORMED", "body", { status: 200 })),
  kept(
    "stream of length zero",
    reply(200, "", { "content-type": "text/event-stream" }),
    failed("TRUNCATED", "stream", { status: 200 }),
  ),
  kept(
    "stream with a length",
    withHead(
      ["HTTP/1.1 200 OK", "content-type: text/event-stream", `content-length: ${(EVENTS + DONE).length}`],
      EVENTS + DONE,
    ),
    GOOD,
  ),
];
