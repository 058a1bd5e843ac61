import { chunk, delta, LAST_CHUNK, reply, STREAM_HEAD } from "../support/raw-server.js";
import { accepted, DONE, failed, type HostileCase, kept, type Told } from "./hostile-case.js";

const MIB = 1024 * 1024;
const A = delta({ content: "a" });
const B = delta({ content: "b" });

/** A stream whose body is `body`, complete. */
function stream(name: string, body: string | Buffer, told: Told): HostileCase {
  const bytes = Buffer.from(body);
  const framing = `${bytes.length.toString(16)}\r\n`;
  const sends = Buffer.concat([Buffer.from(STREAM_HEAD + framing), bytes, Buffer.from(`\r\n${LAST_CHUNK}`)]);
  return kept(name, sends, told);
}

/** A response that is told to have another type. */
function typed(name: string, type: string | null, body: string, told: Told): HostileCase {
  const head = STREAM_HEAD.replace(/content-type: [^\r]*\r\n/, type === null ? "" : `content-type: ${type}\r\n`);
  return kept(name, head + chunk(body) + LAST_CHUNK, told);
}

const malformed = (text: string): Told => failed("MALFORMED", "stream", { status: 200, text });
const reported = (text: string): Told => failed("STREAM_ERROR", "stream", { status: 200, text });

/** Streams with strange lines, bytes and types. */
export const STREAMS: readonly HostileCase[] = [
  stream("empty", "", failed("TRUNCATED", "stream", { text: "" })),
  stream("comments only", ": a\n\n:\n\n: b\n", failed("TRUNCATED", "stream", { text: "", tokens: 0 })),
  stream("comments between tokens", `: a\n\n${A}: b\n${B}:\n\n${DONE}`, accepted("ab", { tokens: 2 })),
  stream("comment of 1 MB", `: ${"x".repeat(MIB)}\n\n${A}${B}${DONE}`, accepted("ab", { tokens: 2 })),
  stream("[DONE] first", `${DONE}${A}${B}`, failed("UNUSABLE", "validate", { text: "", tokens: 0 })),
  stream("[DONE] twice", A + B + DONE + DONE, accepted("ab")),
  stream("tokens behind [DONE]", A + B + DONE + delta({ content: "c" }), accepted("ab", { tokens: 2 })),
  stream("an error behind [DONE]", `${A}${B}${DONE}data: {"error":"late"}\n\n`, accepted("ab")),
  stream("garbage behind [DONE]", `${A}${B}${DONE}data: {{{\n\n`, accepted("ab")),
  stream("[DONE] without a line end", `${A}${B}data: [DONE]`, accepted("ab")),
  stream("[DONE] in lower case", `${A}${B}data: [done]\n\n`, malformed("ab")),
  stream("[DONE] in quotes", `${A}${B}data: "[DONE]"\n\n`, malformed("ab")),
  stream("[DONE] as text", delta({ content: "[DONE]" }) + DONE, accepted("[DONE]", { tokens: 1 })),
  stream("event without its end", A + delta({ content: "b" }, "stop").trimEnd(), accepted("ab", { tokens: 2 })),
  stream(
    "event that is cut",
    A + B + delta({ content: "c" }).slice(0, 40),
    failed("TRUNCATED", "stream", { text: "ab" }),
  ),
  stream("no tokens, only a finish reason", delta({}, "stop") + DONE, failed("UNUSABLE", "validate", { text: "" })),
  stream("CRLF", (A + B + DONE).replaceAll("\n", "\r\n"), accepted("ab", { tokens: 2 })),
  stream("CR", (A + B + DONE).replaceAll("\n", "\r"), accepted("ab", { tokens: 2 })),
  stream(
    "LF, CR and CRLF",
    A + B.replaceAll("\n", "\r") + DONE.replaceAll("\n", "\r\n"),
    accepted("ab", { tokens: 2 }),
  ),
  stream("LF CR", (A + B + DONE).replaceAll("\n\n", "\n\r"), accepted("ab", { tokens: 2 })),
  stream("one LF between events", (A + B).replaceAll("\n\n", "\n") + DONE, malformed("")),
  stream("JSON over several data lines", `${A.replaceAll(",", ",\ndata: ")}${B}${DONE}`, accepted("ab", { tokens: 2 })),
  stream(
    "data with another number of blanks",
    `data:${A.slice(6)}data:  ${B.slice(6)}${DONE}`,
    accepted("ab", { tokens: 2 }),
  ),
  stream("data behind a blank", ` ${A}${B}${DONE}`, accepted("b", { tokens: 1 })),
  stream("data in capitals", `DATA: x\n\n${A}${B}${DONE}`, accepted("ab", { tokens: 2 })),
  stream(
    "events with names, numbers and retry",
    `event: x\nid: 1\0\nretry: -5\n${A}event: error\n${B}${DONE}`,
    accepted("ab", { tokens: 2 }),
  ),
  stream("event of an empty data line", `data:\n\n${A}`, malformed("")),
  stream("byte order mark first", `\uFEFF${A}${B}${DONE}`, accepted("ab", { tokens: 2 })),
  stream("byte order mark before each event", `\uFEFF${A}\uFEFF${B}${DONE}`, accepted("a", { tokens: 1 })),
  stream(
    "U+2028, U+2029 and U+0085 in a text",
    delta({ content: "a\u2028\u2029\u0085" }) + B + DONE,
    accepted("a\u2028\u2029\u0085b", { tokens: 2 }),
  ),
  stream("NUL in a text, escaped", delta({ content: "a\0" }) + DONE, accepted("a\0")),
  stream("NUL in a text, raw", `${A}${B.replace("b", "b\0")}${DONE}`, malformed("a")),
  stream("NUL between events", `${A}\0\n${B}${DONE}`, accepted("ab", { tokens: 2 })),
  stream("1 MB of NUL", Buffer.alloc(MIB), failed("TRUNCATED", "stream", { text: "" })),
  stream(
    "halves of a character",
    delta({ content: "\ud83d" }) + delta({ content: "\ude00" }) + DONE,
    accepted("\u{1f600}", { tokens: 2 }),
  ),
  stream("half a character", delta({ content: "\ud83d" }) + DONE, accepted("\ud83d")),
  stream(
    "invalid UTF-8",
    Buffer.concat([A, B, A].flatMap((event) => splitText(event, Buffer.from([0xff, 0xc3]))).concat(Buffer.from(DONE))),
    accepted("a\ufffd\ufffdb\ufffd\ufffda\ufffd\ufffd", { tokens: 3 }),
  ),
  stream(
    "event of 5 MB",
    A + delta({ content: "x".repeat(5 * MIB) }) + B + DONE,
    accepted(`a${"x".repeat(5 * MIB)}b`, { tokens: 3 }),
  ),
  stream("line of 17 MB", `${A}data: ${"x".repeat(17 * MIB)}\n\n${DONE}`, failed("TOO_LARGE", "stream", { text: "a" })),
  stream(
    "line of 17 MB that is no data",
    `${A}: ${"x".repeat(17 * MIB)}\n\n${DONE}`,
    failed("TOO_LARGE", "stream", { text: "a" }),
  ),
  stream(
    "event of 17 MB in lines",
    `${A}${`data: ${"x".repeat(MIB)}\n`.repeat(17)}\n${DONE}`,
    failed("TOO_LARGE", "stream", { text: "a" }),
  ),
  stream("event of a million lines", `${A}${"data:\n".repeat(1_000_000)}\n${B}${DONE}`, malformed("a")),
  stream(
    "JSON nested 100,000 deep",
    `data: {"x":${"[".repeat(100_000)}${"]".repeat(100_000)}}\n\n${A}${B}${DONE}`,
    accepted("ab", { tokens: 2 }),
  ),
  stream("brackets without end", `data: ${"[".repeat(100_000)}\n\n`, malformed("")),
  stream("JSON with a comment", `${A}data: {} // x\n\n`, malformed("a")),
  stream("two objects in an event", `${A}data: {}{}\n\n`, malformed("a")),
  stream("NaN", `${A}data: {"usage":NaN}\n\n`, malformed("a")),
  stream(
    "keys that mean something to JavaScript",
    `data: {"__proto__":{"choices":[{"delta":{"content":"x"}}]},"constructor":1,"toString":null}\n\n${A}${B}${DONE}`,
    accepted("ab", { tokens: 2 }),
  ),
  stream(
    "the same key twice",
    `data: {"choices":[{"delta":{"content":"x"}}],"choices":[{"delta":{"content":"a"}}]}\n\n${B}${DONE}`,
    accepted("ab", { tokens: 2 }),
  ),
  stream("error as a string", `${A}data: {"error":"boom"}\n\n${DONE}`, reported("a")),
  stream("error as an object", `${A}data: {"error":{"message":"boom","code":500}}\n\n${DONE}`, reported("a")),
  stream("error as an object without a message", `${A}data: {"error":{"reason":"boom"}}\n\n${DONE}`, reported("a")),
  stream(
    "error with fields of other types",
    `${A}data: {"error":{"message":5,"type":[],"code":{}}}\n\n${DONE}`,
    reported("a"),
  ),
  stream("error by its kind", `${A}data: {"object":"error","message":"boom"}\n\n${DONE}`, reported("a")),
  stream("error with an event name", `${A}event: error\ndata: {"error":{"message":"boom"}}\n\n${DONE}`, reported("a")),
  stream(
    "error nested 100,000 deep",
    `${A}data: {"error":{"x":${"[".repeat(100_000)}${"]".repeat(100_000)}}}\n\n${DONE}`,
    reported("a"),
  ),
  stream("error first", `data: {"error":"boom"}\n\n`, reported("")),
  stream("tokens behind an error", `${A}data: {"error":"boom"}\n\n${B}${DONE}`, reported("a")),
  ...[null, "", {}, [], 5, true, false].map((error) =>
    stream(
      `error ${JSON.stringify(error)}, which is none`,
      `${A}data: ${JSON.stringify({ error })}\n\n${B}${DONE}`,
      accepted("ab"),
    ),
  ),
  typed("no content type", null, A + B + DONE, accepted("ab", { tokens: 2 })),
  typed(
    "type in capitals, with parameters",
    "TEXT/Event-Stream ; charset=utf-8",
    A + B + DONE,
    accepted("ab", { tokens: 2 }),
  ),
  typed("type of text", "text/plain", A + B + DONE, accepted("ab", { tokens: 2 })),
  typed("type of nothing", "x", A + B + DONE, accepted("ab", { tokens: 2 })),
  typed("events as JSON", "application/json", A + B + DONE, failed("MALFORMED", "body", { text: "" })),
  typed("events as HTML", "text/html", A + B + DONE, failed("MALFORMED", "body", { text: "" })),
  typed(
    "lines of JSON",
    "application/x-ndjson",
    `${A.slice(6).trim()}\n${B.slice(6).trim()}\n`,
    failed("MALFORMED", "body", { text: "" }),
  ),
  kept(
    "gzip",
    reply(200, "\x1f", { "content-type": "text/event-stream", "content-encoding": "gzip" }),
    failed("COMPRESSED", "body", { status: 200 }),
  ),
  kept(
    "gzip without end",
    STREAM_HEAD.replace("\r\n\r\n", "\r\ncontent-encoding: br\r\n\r\n"),
    failed("COMPRESSED", "body", { status: 200 }),
  ),
  kept(
    "coding identity",
    STREAM_HEAD.replace("\r\n\r\n", "\r\ncontent-encoding: Identity\r\n\r\n") + chunk(A + B + DONE) + LAST_CHUNK,
    accepted("ab"),
  ),
];

function splitText(event: string, inserted: Buffer): Buffer[] {
  const at = event.lastIndexOf('"}');
  return [Buffer.from(event.slice(0, at)), inserted, Buffer.from(event.slice(at))];
}
