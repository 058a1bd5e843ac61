import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { MockServerError } from "./errors.js";
import { type MockServerOptions, type MockServerOptionsInput, parseMockServerOptions } from "./mock-server-options.js";
import { RealtimeEndpoint } from "./realtime/realtime-endpoint.js";
import { RequestHandler } from "./request-handler.js";
import { processClock } from "./schedule-clock.js";
import { ServerCounters } from "./server-counters.js";
import { type TruthEntry, TruthLog } from "./truth-log.js";
import { WriteSchedule } from "./write-schedule.js";

/** Idle connections are kept this long, so that a client's pool is never cut within a run. */
const KEEP_ALIVE_MS = 120_000;

/** A running mock server. */
export interface MockServer {
  /** Base URL without a path, for example `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly port: number;
  /** What was written when, oldest request first; empty when `truth_log` is off. */
  truthLog(): readonly TruthEntry[];
  /** Forgets the log and starts again with the first request of the seed. */
  resetTruth(): void;
  /** Breaks all connections and stops; calling it again does nothing. */
  close(): Promise<void>;
}

/**
 * Starts a server in this process. Nothing that is measured should share its thread: run it as
 * `@core/mock-server/serve` in a process of its own for that.
 *
 * @throws {MockServerError} CORE_MOCK_SERVER_INVALID_OPTIONS when the options do not validate.
 * @throws {MockServerError} CORE_MOCK_SERVER_CANNOT_LISTEN when host and port cannot be listened on.
 */
export async function startMockServer(input: MockServerOptionsInput = {}): Promise<MockServer> {
  const options = parseMockServerOptions(input);
  const schedule = new WriteSchedule(processClock);
  const truth = new TruthLog(options.truth_log ? options.truth_log_size : 0);
  const scope = { options, clock: processClock, schedule, truth, counters: new ServerCounters() };
  const handler = new RequestHandler(scope);
  const realtime = new RealtimeEndpoint(scope, handler);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, handler.handle);
  server.on("upgrade", realtime.upgrade);
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    port,
    truthLog: () => truth.entries(),
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
