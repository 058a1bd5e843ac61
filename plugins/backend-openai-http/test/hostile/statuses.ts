import { chunk, LAST_CHUNK, reply, STREAM_HEAD } from "../support/raw-server.js";
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
  withHead,
} from "./hostile-case.js";

const HTML = "<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>";
const ERROR = JSON.stringify({ error: { message: "no", type: "BadRequestError", param: null, code: 400 } });
const AGAIN = STREAM_HEAD + TWO_TOKENS + END;

function moved(status: number, location: string, more: Readonly<Record<string, string>> = {}): string {
  return reply(status, "", { location, ...more });
}

/** A redirect from the route of the requests, and a stream everywhere else. */
function once(redirect: (url: string) => string): (head: string, url: string) => string {
  return (head, url) => (/^\S+ \/v1\/chat\/completions /.test(head) ? redirect(url) : AGAIN);
}

const NOT_FOLLOWED = (status: number) => failed("UNEXPECTED_STATUS", "body", { status, text: "" });

/** Statuses other than 200, their bodies and redirects. */
export const STATUSES: readonly HostileCase[] = [
  kept("204", withHead(["HTTP/1.1 204 No Content"]), failed("TRUNCATED", "stream", { status: 204 })),
  kept(
    "204 with a length and a body",
    withHead(["HTTP/1.1 204 No Content", ...WHOLE_LINES], WHOLE),
    failed("MALFORMED", "body", { status: 204 }),
  ),
  kept(
    "204 in chunks",
    STREAM_HEAD.replace("200", "204") + TWO_TOKENS + END,
    failed("TRUNCATED", "stream", { status: 204 }),
  ),
  kept("201 with the answer", reply(201, WHOLE), accepted("ab")),
  kept("206 with the answer", reply(206, WHOLE), accepted("ab")),
  kept("300", reply(300, ""), NOT_FOLLOWED(300)),
  kept("304", withHead(["HTTP/1.1 304 Not Modified"]), NOT_FOLLOWED(304)),
  kept("304 with a length", withHead(["HTTP/1.1 304 Not Modified", "content-length: 5000"]), NOT_FOLLOWED(304)),
  kept("redirect without a location", reply(307, ""), NOT_FOLLOWED(307)),
  kept("redirect to nothing", moved(307, ""), NOT_FOLLOWED(307)),
  kept("redirect to no URL", moved(307, "http://[::1"), NOT_FOLLOWED(307), {
    told: failed("UNEXPECTED_STATUS", "first_byte"),
    because: "it throws within its own redirects, which hide the head",
  }),
  kept("redirect to another scheme", moved(307, "ftp://127.0.0.1/x"), NOT_FOLLOWED(307), {
    told: failed("UNEXPECTED_STATUS", "first_byte"),
    because: "it throws within its own redirects, which hide the head",
  }),
  kept("redirect to a file", moved(307, "file:///etc/passwd"), NOT_FOLLOWED(307), {
    told: failed("UNEXPECTED_STATUS", "first_byte"),
    because: "it throws within its own redirects, which hide the head",
  }),
  kept(
    "redirect to itself",
    (_head, url) => moved(307, `${url}/v1/chat/completions`),
    failed("UNEXPECTED_STATUS", "body"),
    {
      told: failed("UNEXPECTED_STATUS", "first_byte"),
      because: "it throws within its own redirects, which hide the head",
    },
  ),
  kept(
    "redirects without end",
    (head) => moved(307, `/x?${Number(/\?(\d+)/.exec(head)?.[1] ?? 0) + 1}`),
    NOT_FOLLOWED(307),
  ),
  kept(
    "redirect to a port where nobody listens",
    moved(307, "http://127.0.0.1:1/"),
    failed("CONNECT_FAILED", "connect"),
  ),
  kept(
    "redirect to another origin",
    once((url) => moved(307, `${url.replace("127.0.0.1", "localhost")}/x`)),
    accepted("ab"),
  ),
  kept(
    "redirect relative to the path",
    (head) => (head.startsWith("POST /v1/chat/other ") ? AGAIN : moved(308, "other")),
    accepted("ab"),
  ),
  kept(
    "redirect relative to the scheme",
    once((url) => moved(307, `${url.slice("http:".length)}/x`)),
    accepted("ab"),
  ),
  kept(
    "redirect in chunks",
    once(() =>
      withHead(["HTTP/1.1 307 Moved", "location: /x", "transfer-encoding: chunked"], chunk(HTML) + LAST_CHUNK),
    ),
    accepted("ab"),
  ),
  closed(
    "redirect whose body is cut",
    withHead(["HTTP/1.1 307 Moved", "location: /x", "content-length: 500"], HTML),
    failed("CONNECTION_LOST", "first_byte"),
  ),
  kept("400 with an error object", reply(400, ERROR), failed("CLIENT_ERROR", "body", { status: 400 })),
  kept(
    "400 as an event",
    reply(400, `data: ${ERROR}\n\n`, { "content-type": "text/event-stream" }),
    failed("CLIENT_ERROR", "body", { status: 400 }),
  ),
  kept("401 with an empty body", reply(401, ""), failed("UNAUTHORIZED", "body", { status: 401 })),
  kept("404 as HTML", reply(404, HTML, { "content-type": "text/html" }), failed("NOT_FOUND", "body", { status: 404 })),
  kept("417", reply(417, ""), failed("CLIENT_ERROR", "body", { status: 417 })),
  kept(
    "429 with seconds",
    reply(429, ERROR, { "retry-after": "7" }),
    failed("RATE_LIMITED", "body", { status: 429, retryAfterSeconds: 7 }),
  ),
  kept(
    "429 with a date",
    reply(429, ERROR, { "retry-after": "Fri, 31 Dec 2049 23:59:59 GMT" }),
    failed("RATE_LIMITED", "body", { retryAfterSeconds: undefined }),
  ),
  kept(
    "429 with a negative time",
    reply(429, ERROR, { "retry-after": "-1" }),
    failed("RATE_LIMITED", "body", { retryAfterSeconds: undefined }),
  ),
  kept(
    "429 with 400 digits",
    reply(429, ERROR, { "retry-after": "9".repeat(400) }),
    failed("RATE_LIMITED", "body", { retryAfterSeconds: undefined }),
  ),
  kept("500 with an error string", reply(500, '{"error":"boom"}'), failed("SERVER_ERROR", "body", { status: 500 })),
  kept(
    "500 with invalid UTF-8",
    Buffer.concat([Buffer.from("HTTP/1.1 500 No\r\ncontent-length: 3\r\n\r\n"), Buffer.from([0xff, 0xfe, 0])]),
    failed("SERVER_ERROR", "body", { status: 500 }),
  ),
  kept(
    "500 in gzip",
    reply(500, "\x1f", { "content-encoding": "gzip" }),
    failed("SERVER_ERROR", "body", { status: 500 }),
  ),
  closed(
    "502 as HTML until the end",
    withHead(["HTTP/1.1 502 Bad Gateway", "content-type: text/html"], HTML),
    failed("SERVER_ERROR", "body", { status: 502 }),
  ),
  kept("503 with an empty body", reply(503, ""), failed("SERVER_ERROR", "body", { status: 503 })),
  closed(
    "503 whose body is cut",
    withHead(["HTTP/1.1 503 Busy", "content-length: 5000"], ERROR),
    failed("CONNECTION_LOST", "body", { status: 503 }),
  ),
  reset(
    "503 whose body is reset",
    withHead(["HTTP/1.1 503 Busy", "content-length: 5000"], ERROR),
    failed("CONNECTION_LOST", "body", { status: 503 }),
  ),
  kept(
    "500 whose body is long and does not end",
    withHead(["HTTP/1.1 500 No", "content-length: 500000000"], "x".repeat(1 << 20)),
    failed("SERVER_ERROR", "body", { status: 500 }),
  ),
  kept("999", reply(999, ERROR), failed("SERVER_ERROR", "body", { status: 999 })),
];
