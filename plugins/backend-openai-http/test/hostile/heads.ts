import { chunk, LAST_CHUNK, STREAM_HEAD } from "../support/raw-server.js";
import {
  accepted,
  closed,
  END,
  failed,
  type HostileCase,
  kept,
  reset,
  TWO_TOKENS,
  WHOLE,
  WHOLE_LINES,
  wholeWith,
  withHead,
} from "./hostile-case.js";

const LOST = failed("CONNECTION_LOST", "first_byte", { text: "" });
const REFUSED = failed("PROTOCOL_ERROR", "first_byte", { text: "" });
const GOOD = accepted("ab");
const NO_JSON = failed("MALFORMED", "body", { text: "" });
const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
const HINTS = "HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n";

function statusLine(line: string): string {
  return withHead([line, ...WHOLE_LINES], WHOLE);
}

function field(line: string): string {
  return withHead(["HTTP/1.1 200 OK", line, ...WHOLE_LINES], WHOLE);
}

/** Heads that end early, are no heads, or say what cannot be. */
export const HEADS: readonly HostileCase[] = [
  closed("nothing, closed", "", LOST),
  reset("nothing, reset", "", LOST),
  kept("nothing at all", "", failed("FIRST_BYTE_TIMEOUT", "first_byte", { text: "" })),
  closed("half a status line, closed", "HTTP/1.1 20", LOST),
  reset("half a status line, reset", "HTTP/1.1 20", LOST),
  closed("head without its blank line, closed", statusLine("HTTP/1.1 200 OK").split("\r\n\r\n", 1).join(), LOST),
  reset("head without its blank line, reset", "HTTP/1.1 200 OK\r\ncontent-type: a/b\r\n", LOST),
  kept(
    "head without its blank line, silent",
    "HTTP/1.1 200 OK\r\ncontent-type: a/b\r\n",
    failed("FIRST_BYTE_TIMEOUT", "first_byte"),
  ),
  kept("status of letters", statusLine("HTTP/1.1 2OO OK"), REFUSED),
  kept("status missing", statusLine("HTTP/1.1 OK"), REFUSED),
  kept("status of two digits", statusLine("HTTP/1.1 20 OK"), REFUSED),
  kept("status of four digits", statusLine("HTTP/1.1 2000 OK"), REFUSED),
  kept("status below 100", statusLine("HTTP/1.1 099 Low"), REFUSED),
  kept("status zero", statusLine("HTTP/1.1 000 None"), REFUSED),
  kept("status without a reason", statusLine("HTTP/1.1 200"), GOOD),
  kept("reason above ASCII", statusLine("HTTP/1.1 200 Très bien ✓"), GOOD),
  kept("two blanks before the status", statusLine("HTTP/1.1  200 OK"), REFUSED),
  kept("a blank before the status line", statusLine(" HTTP/1.1 200 OK"), REFUSED),
  kept("blank lines before the status line", `\r\n\r\n${statusLine("HTTP/1.1 200 OK")}`, GOOD),
  kept("protocol in lower case", statusLine("http/1.1 200 OK"), REFUSED),
  kept("HTTP/2.0 in text", statusLine("HTTP/2.0 200 OK"), REFUSED, {
    told: GOOD,
    because: "its parser takes every version of HTTP that there is",
  }),
  kept("HTTP/1.2", statusLine("HTTP/1.2 200 OK"), REFUSED),
  closed("HTTP/0.9", WHOLE, REFUSED),
  kept("ICY", statusLine("ICY 200 OK"), REFUSED),
  kept("RTSP", statusLine("RTSP/1.0 200 OK"), REFUSED, { told: GOOD, because: "its parser reads RTSP, too" }),
  kept("a request", withHead(["GET / HTTP/1.1", "host: a"]), REFUSED),
  kept("preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", REFUSED),
  kept("frame of HTTP/2", Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]), REFUSED),
  closed("alert of TLS", Buffer.from([0x15, 3, 1, 0, 2, 2, 40]), REFUSED),
  kept("1 MB of zeros", Buffer.alloc(1 << 20), REFUSED),
  kept("HTTP/1.0 with a length", statusLine("HTTP/1.0 200 OK"), GOOD),
  closed("HTTP/1.0 in chunks", STREAM_HEAD.replace("1.1", "1.0") + TWO_TOKENS + END, GOOD),
  closed("HTTP/1.0 until its end", withHead(["HTTP/1.0 200 OK", "content-type: application/json"], WHOLE), GOOD),
  kept("lines that end with LF", statusLine("HTTP/1.1 200 OK").replaceAll("\r\n", "\n"), REFUSED),
  kept("lines that end with CR", statusLine("HTTP/1.1 200 OK").replaceAll("\r\n", "\r"), REFUSED),
  kept("one header line that ends with LF", field("x-a: 1\nx-b: 2"), REFUSED),
  kept("one header line that ends with CR", field("x-a: 1\rx-b: 2"), REFUSED),
  kept("folded header line", field("x-a: 1\r\n 2"), REFUSED),
  kept("folded line first", field(" x-a: 1"), REFUSED),
  kept("blank before the colon", field("x-a : 1"), REFUSED),
  kept("header line without a colon", field("x-a"), REFUSED),
  kept("header without a name", field(": 1"), REFUSED),
  kept("name with a blank", field("x a: 1"), REFUSED),
  kept("name above ASCII", field("é: 1"), REFUSED),
  kept("NUL in a value", field("x-a: 1\0"), REFUSED),
  kept("NUL in a name", field("x\0a: 1"), REFUSED),
  kept("NUL in the reason", statusLine("HTTP/1.1 200 O\0K"), REFUSED, {
    told: GOOD,
    because: "its parser does not look at the reason",
  }),
  kept("control character in a value", field("x-a: \x01\x1b[31m"), REFUSED),
  kept("value above ASCII", field("x-a: é\u{1f600}"), GOOD),
  kept("empty values", field("x-a:\r\nx-b: \t "), GOOD),
  kept("head of 40 kB", field(`x-a: ${"a".repeat(40_000)}`), GOOD),
  kept("head of 70 kB", field(`x-a: ${"a".repeat(70_000)}`), REFUSED),
  kept("head that never ends", `HTTP/1.1 200 OK\r\nx-a: ${"a".repeat(1 << 20)}`, REFUSED),
  kept("2,000 headers", field(Array.from({ length: 2000 }, (_, at) => `x-${at}: 1`).join("\r\n")), GOOD),
  kept("20,000 headers", field(Array.from({ length: 20_000 }, (_, at) => `x-${at}: 1`).join("\r\n")), REFUSED),
  kept("length of letters", wholeWith(["content-length: abc"]), REFUSED),
  kept("empty length", wholeWith(["content-length:"]), REFUSED),
  kept("negative length", wholeWith(["content-length: -5"]), REFUSED),
  kept("length with a sign", wholeWith([`content-length: +${WHOLE.length}`]), REFUSED),
  kept("length with a fraction", wholeWith([`content-length: ${WHOLE.length}.0`]), REFUSED),
  kept("length in hexadecimal", wholeWith(["content-length: 0x20"]), REFUSED),
  kept("length of 30 digits", wholeWith([`content-length: ${"9".repeat(30)}`]), REFUSED),
  kept(
    "length twice, the same",
    wholeWith([`content-length: ${WHOLE.length}`, `content-length: ${WHOLE.length}`]),
    REFUSED,
  ),
  kept("length twice, different", wholeWith([`content-length: ${WHOLE.length}`, "content-length: 1"]), REFUSED),
  kept("length twice in one line", wholeWith([`content-length: ${WHOLE.length}, ${WHOLE.length}`]), REFUSED),
  kept(
    "length and chunks",
    wholeWith([`content-length: ${WHOLE.length}`, "transfer-encoding: chunked"], chunk(WHOLE) + LAST_CHUNK),
    REFUSED,
  ),
  kept(
    "chunks and length",
    wholeWith(["transfer-encoding: chunked", `content-length: ${WHOLE.length}`], chunk(WHOLE) + LAST_CHUNK),
    REFUSED,
  ),
  closed("unknown coding", wholeWith(["transfer-encoding: xchunked"], chunk(WHOLE) + LAST_CHUNK), REFUSED, {
    told: NO_JSON,
    because: "its parser reads until the end when the last coding is not chunked",
  }),
  closed("compressed transfer", wholeWith(["transfer-encoding: gzip, chunked"], chunk(WHOLE) + LAST_CHUNK), REFUSED, {
    told: GOOD,
    because: "its parser looks at the last coding alone",
  }),
  closed("chunked not last", wholeWith(["transfer-encoding: chunked, gzip"], chunk(WHOLE) + LAST_CHUNK), REFUSED, {
    told: NO_JSON,
    because: "its parser reads until the end when the last coding is not chunked",
  }),
  closed(
    "chunked twice",
    wholeWith(["transfer-encoding: chunked", "transfer-encoding: chunked"], chunk(WHOLE) + LAST_CHUNK),
    REFUSED,
    { told: GOOD, because: "its parser looks at the last coding alone" },
  ),
  closed("coding identity", wholeWith(["transfer-encoding: identity"]), GOOD),
  kept("coding in capitals", wholeWith(["Transfer-Encoding: CHUNKED"], chunk(WHOLE) + LAST_CHUNK), GOOD),
  kept("100 before the answer", CONTINUE + statusLine("HTTP/1.1 200 OK"), GOOD, {
    told: REFUSED,
    because: "it takes 100 for an error when nobody asked for it",
  }),
  kept("102 before the answer", `HTTP/1.1 102 Processing\r\n\r\n${statusLine("HTTP/1.1 200 OK")}`, GOOD),
  kept("103 before the answer", HINTS + statusLine("HTTP/1.1 200 OK"), GOOD),
  kept("103 twice before a stream", HINTS + HINTS + STREAM_HEAD + TWO_TOKENS + END, GOOD),
  kept("103 with a length", HINTS.replace("link", "content-length: 5\r\nlink") + statusLine("HTTP/1.1 200 OK"), GOOD),
  closed("103 and nothing more", HINTS, LOST),
  kept("103 and silence", HINTS, failed("FIRST_BYTE_TIMEOUT", "first_byte")),
  kept("101", withHead(["HTTP/1.1 101 Switching Protocols", "connection: upgrade", "upgrade: websocket"]), REFUSED),
];
