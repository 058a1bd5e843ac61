import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Admission } from "./admission.js";
import { type CapturedRequest, CapturedRequests } from "./captured-requests.js";
import { BatchEngine } from "./engine/batch-engine.js";
import { PrefixCache } from "./engine/prefix-cache.js";
import { MockServerError } from "./errors.js";
import { breakSocket } from "./failures/break-connection.js";
import { chooseConnectFailure } from "./failures/choose-failure.js";
import { letIncidentsBreak } from "./incidents/break-connections.js";
import { Incidents } from "./incidents/incidents.js";
import { type MockServerOptions, type MockServerOptionsInput, parseMockServerOptions } from "./mock-server-options.js";
import { RealtimeEndpoint } from "./realtime/realtime-endpoint.js";
import { RequestHandler } from "./request-handler.js";
import { processClock, type ScheduleClock } from "./schedule-clock.js";
import { ServerCounters } from "./server-counters.js";
import { type TruthEntry, TruthLog } from "./truth-log.js";
import { WriteSchedule } from "./write-schedule.js";

/** Idle connections are kept this long, so that a client's pool is never cut within a run. */
const KEEP_ALIVE_MS = 120_000;

/** A running mock server. */
export interface MockServer {
  /** Base URL without a path, for example `http://127.0.0.1:8000`; `https` with a certificate. */
  readonly url: string;
  readonly port: number;
  /** What was written when, oldest request first; empty when `truth_log` is off. */
  truthLog(): readonly TruthEntry[];
  /** The newest requests, oldest first; empty unless `capture_requests` says how many. */
  requests(): readonly CapturedRequest[];
  /** Forgets the log and starts again with the first request of the seed. */
  resetTruth(): void;
  /** Breaks all connections and stops; calling it again does nothing. */
  close(): Promise<void>;
}

/**
 * Starts a server in this process. Nothing that is measured should share its thread: run it as
 * `@core/mock-server/serve` in a process of its own for that.
 *
 * @throws {MockServerError} CORE_MOCK_SERVER_INVALID_OPTIONS when the options do not validate, or the files of TLS are unusable.
 * @throws {MockServerError} CORE_MOCK_SERVER_CANNOT_LISTEN when host and port cannot be listened on.
 */
export function startMockServer(input: MockServerOptionsInput = {}): Promise<MockServer> {
  return startOnClock(input, processClock);
}

/** Starts a server whose times are those of a clock. @throws {MockServerError} As {@link startMockServer}. */
export async function startOnClock(input: MockServerOptionsInput, clock: ScheduleClock): Promise<MockServer> {
  const options = parseMockServerOptions(input);
  const schedule = new WriteSchedule(clock);
  const truth = new TruthLog(options.truth_log ? options.truth_log_size : 0);
  const admission = new Admission({ running: options.max_concurrent_requests, waiting: options.max_waiting_requests });
  const captured = new CapturedRequests(options.capture_requests);
  const counters = new ServerCounters();
  const incidents = new Incidents(options.incidents, schedule);
  const engine = options.engine === "batch" ? new BatchEngine(options, { schedule, time: incidents.time }) : null;
  const prefixCache =
    options.prefix_cache_tokens === 0
      ? null
      : new PrefixCache({ capacityTokens: options.prefix_cache_tokens, blockTokens: options.prefix_block_tokens });
  const scope = { options, clock, schedule, truth, counters, admission, captured, incidents, engine, prefixCache };
  const handler = new RequestHandler({ ...scope, open: new Set() });
  const realtime = new RealtimeEndpoint(handler.scope, handler);
  const server = await createServer(options, handler);
  server.on("upgrade", realtime.upgrade);
  failConnections(server, options);
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  letIncidentsBreak(server, handler.scope, () => server.listen(port, options.host));
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  return {
    url: `${options.tls_cert === null ? "http" : "https"}://${host}:${port}`,
    port,
    truthLog: () => truth.entries(),
    requests: () => captured.list(),
    resetTruth: () => handler.reset(),
    close: async () => {
      schedule.clear();
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      realtime.close();
      await closed;
    },
  };
}

async function createServer(options: MockServerOptions, handler: RequestHandler): Promise<Server> {
  const settings = { keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true };
  const { tls_cert, tls_key } = options;
  if (tls_cert === null || tls_key === null) return createHttpServer(settings, handler.handle);
  const [cert, key] = await Promise.all([readPem("tls_cert", tls_cert), readPem("tls_key", tls_key)]);
  try {
    return createHttpsServer({ ...settings, cert, key }, handler.handle);
  } catch (cause) {
    throw invalid(`${tls_cert} and ${tls_key} are no certificate and its key: ${(cause as Error).message}`, cause);
  }
}

async function readPem(option: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw invalid(`${option} cannot be read: ${(cause as Error).message}`, cause);
  }
}

function invalid(problem: string, cause: unknown): MockServerError {
  return new MockServerError(`The options of the mock server are invalid: ${problem}.`, {
    code: "CORE_MOCK_SERVER_INVALID_OPTIONS",
    cause,
  });
}

/** Breaks the connections that are drawn for it as they are opened. */
function failConnections(server: Server, options: MockServerOptions): void {
  if (!options.failures.some(({ at }) => at === "connect")) return;
  let connections = 0;
  server.on("connection", (socket) => {
    const failure = chooseConnectFailure(options, connections);
    connections += 1;
    if (failure !== null) breakSocket(socket, failure.do === "reset" ? "reset" : "cut");
  });
}

async function listen(server: Server, { host, port }: MockServerOptions): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new MockServerError(`The mock server cannot listen on ${host} port ${port}: ${reason}.`, {
      code: "CORE_MOCK_SERVER_CANNOT_LISTEN",
      hint: "Choose another port, or 0 for a free one.",
      cause: error,
    });
  }
}
