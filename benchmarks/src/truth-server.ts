import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { request as requestTls } from "node:https";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { start } from "./command.ts";

/** What the server itself knows about the requests it answered. */
export interface Truth {
  readonly requests: number;
  readonly completed: number;
  readonly tokens: number;
  /** Mean of (first token written - request arrived). */
  readonly ttftMeanMs: number;
  readonly gapMeanMs: number;
  readonly gapP99Ms: number;
  /** When each request arrived, monotonic nanoseconds, ascending. */
  readonly arrivalsNs: readonly number[];
}

/** A server with known timing in a process of its own. */
export interface TruthServer {
  readonly url: string;
  readonly name: string;
  truth(): Promise<Truth>;
  reset(): Promise<void>;
  stop(): void;
}

/** Timing of every answer. */
export interface TruthTiming {
  readonly ttftMs: number;
  readonly gapMs: number;
  readonly tokens: number;
}

/**
 * Starts the server named by `GOODPUT_TRUTH_SERVER` (an executable that takes PORT TTFT_MS GAP_MS TOKENS and answers
 * `GET /truth`, `GET /truth/raw`, `POST /truth/reset`), else this project's own mock server.
 */
export async function startTruthServer(timing: TruthTiming, cpu: number | null): Promise<TruthServer> {
  const external = process.env["GOODPUT_TRUTH_SERVER"];
  return external === undefined || external === "" ? startMock(timing, cpu) : startExternal(external, timing, cpu);
}

/** This project's mock server over TLS, with a certificate that nobody checks. */
export function startTlsServer(timing: TruthTiming, cpu: number | null): Promise<TruthServer> {
  return startMock(timing, cpu, { tls_cert: pem("cert"), tls_key: pem("key") });
}

function pem(part: string): string {
  const fixtures = "../../plugins/backend-openai-http/src/__fixtures__";
  return fileURLToPath(new URL(`${fixtures}/self-signed-test-only.${part}.pem`, import.meta.url));
}

async function startExternal(command: string, timing: TruthTiming, cpu: number | null): Promise<TruthServer> {
  const port = await freePort();
  const words = [command, String(port), String(timing.ttftMs), String(timing.gapMs), String(timing.tokens)];
  const child = start(words, cpu);
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/health`);
  return {
    url,
    name: "external truth server",
    reset: async () => void (await fetch(`${url}/truth/reset`, { method: "POST" })),
    truth: async () => {
      const summary = (await (await fetch(`${url}/truth`)).json()) as ExternalTruth;
      const rows = (await (await fetch(`${url}/truth/raw`)).text()).trim().split("\n").slice(1);
      return {
        requests: summary.requests,
        completed: summary.completed,
        tokens: summary.tokens,
        ttftMeanMs: summary.ttft_ms.mean,
        gapMeanMs: summary.gap_ms.mean,
        gapP99Ms: summary.gap_ms.p99,
        arrivalsNs: rows.map((row) => Number(row.split(",")[0])).sort((a, b) => a - b),
      };
    },
    stop: () => void child.kill(),
  };
}

interface ExternalTruth {
  readonly requests: number;
  readonly completed: number;
  readonly tokens: number;
  readonly ttft_ms: { readonly mean: number };
  readonly gap_ms: { readonly mean: number; readonly p99: number };
}

async function startMock(
  timing: TruthTiming,
  cpu: number | null,
  tls: { readonly tls_cert: string; readonly tls_key: string } | null = null,
): Promise<TruthServer> {
  const child = start([process.execPath, mockEntry(), JSON.stringify({ ...mockOptions(timing), ...tls })], cpu);
  if (child.stdout === null) throw new Error("the mock server has no stdout");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const url = `${tls === null ? "http" : "https"}://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`;
  return {
    url,
    name: "own mock server",
    reset: async () => void (await ask(`${url}/truth/reset`, "POST")),
    truth: async () => summarise(JSON.parse(await ask(`${url}/truth`, "GET")) as readonly MockTruthEntry[]),
    stop: () => void child.kill(),
  };
}

/** Fetches a text; certificates are not checked. */
async function ask(url: string, method: string): Promise<string> {
  const send = url.startsWith("https:") ? requestTls : request;
  const sent = send(url, { method, rejectUnauthorized: false });
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  return text(response);
}

/** One request in the mock server's truth log. */
interface MockTruthEntry {
  readonly arrivalNs: number;
  readonly tokenWritesNs: readonly number[];
  readonly completed: boolean;
}

function mockEntry(): string {
  return new URL(import.meta.resolve("@core/mock-server/serve")).pathname;
}

function mockOptions(timing: TruthTiming): Record<string, unknown> {
  return { port: 0, model: "m", ttft_ms: timing.ttftMs, itl_ms: timing.gapMs, output_tokens: timing.tokens };
}

function summarise(entries: readonly MockTruthEntry[]): Truth {
  const done = entries.filter((entry) => entry.completed);
  const ttfts = done.map((entry) => ((entry.tokenWritesNs[0] ?? Number.NaN) - entry.arrivalNs) / 1e6);
  const gaps = done.flatMap((entry) =>
    entry.tokenWritesNs.slice(1).map((at, k) => (at - (entry.tokenWritesNs[k] ?? at)) / 1e6),
  );
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    requests: entries.length,
    completed: done.length,
    tokens: entries.reduce((sum, entry) => sum + entry.tokenWritesNs.length, 0),
    ttftMeanMs: mean(ttfts),
    gapMeanMs: mean(gaps),
    gapP99Ms: [...gaps].sort((a, b) => a - b)[Math.floor(0.99 * (gaps.length - 1))] ?? Number.NaN,
    arrivalsNs: entries.map((entry) => entry.arrivalNs).sort((a, b) => a - b),
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function untilAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    try {
      await (await fetch(url)).text();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25)); // not listening yet
    }
  }
  throw new Error(`${url} did not answer within five seconds`);
}
