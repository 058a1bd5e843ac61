// Reads streamed completions with as little as Node allows and prints what it saw as one JSON line. It knows the framing of
// the servers that benchmarks use (an event begins with "data: {", a response ends with an empty chunk) and checks nothing.
// usage: node bare-reader.ts URL STREAMS REQUESTS_PER_STREAM TOKENS
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

const [address = "", streamsText, requestsText, tokensText] = process.argv.slice(2);
const url = new URL(address);
const streams = Number(streamsText);
const total = streams * Number(requestsText);
const tokens = Number(tokensText);

const body = JSON.stringify({
  model: "m",
  prompt: "a word ".repeat(32),
  max_tokens: tokens,
  stream: true,
  ignore_eos: true,
  stream_options: { include_usage: true, continuous_usage_stats: true }, // as goodput asks a server of this dialect
});
const head = [
  "POST /v1/completions HTTP/1.1",
  `Host: ${url.host}`,
  "Content-Type: application/json",
  `Content-Length: ${body.length}`,
];
const request = Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
const EVENT = Buffer.from("data: {");
const LAST_CHUNK = Buffer.from("0\r\n\r\n");

const REFUSED = Buffer.from("HTTP/1.1 4");

/** What is known of a stream's request. */
interface Stream {
  readonly socket: Socket;
  sentMs: number;
  lastMs: number;
  events: number;
}

const memory = Buffer.allocUnsafe(65536);
const gaps = new Float64Array(total * tokens);
let [gapCount, ttftSum, issued, done, events, opened] = [0, 0, 0, 0, 0, 0];
const open: Stream[] = [];

function send(stream: Stream): void {
  if (issued === total) return;
  issued += 1;
  stream.events = 0;
  stream.sentMs = performance.now();
  stream.socket.write(request);
}

function read(stream: Stream, length: number): void {
  const nowMs = performance.now();
  const piece = memory.subarray(0, length);
  if (stream.events === 0 && piece.subarray(0, REFUSED.length).equals(REFUSED)) refuse(piece);
  for (let at = piece.indexOf(EVENT); at >= 0; at = piece.indexOf(EVENT, at + EVENT.length)) {
    stream.events += 1;
    if (stream.events > tokens) continue; // usage
    events += 1;
    if (stream.events === 1) ttftSum += nowMs - stream.sentMs;
    else gaps[gapCount++] = nowMs - stream.lastMs;
    stream.lastMs = nowMs;
  }
  if (stream.events < tokens || !piece.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)) return;
  done += 1;
  if (done === total) report();
  else send(stream);
}

function refuse(piece: Buffer): never {
  process.stderr.write(`${piece}\n`);
  process.exit(1);
}

function report(): void {
  const seen = gaps.subarray(0, gapCount);
  const sum = seen.reduce((all, gap) => all + gap, 0);
  seen.sort();
  const gapP99Ms = seen[Math.floor(0.99 * (gapCount - 1))];
  const figures = { ttft_mean_ms: ttftSum / total, gap_mean_ms: sum / gapCount, gap_p99_ms: gapP99Ms };
  process.stdout.write(`${JSON.stringify({ ...figures, requests: done, tokens: events })}\n`);
  for (const { socket } of open) socket.destroy();
}

for (let index = 0; index < streams; index += 1) {
  const options = {
    host: url.hostname,
    port: Number(url.port),
    noDelay: true,
    onread: {
      buffer: memory,
      callback(length: number) {
        read(stream, length);
        return true;
      },
    },
  };
  const socket: Socket =
    url.protocol === "https:" ? connectTls({ ...options, rejectUnauthorized: false }) : connect(options);
  const stream: Stream = { socket, sentMs: 0, lastMs: 0, events: 0 };
  open.push(stream);
  socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => {
    opened += 1;
    if (opened === streams) open.forEach(send);
  });
}
