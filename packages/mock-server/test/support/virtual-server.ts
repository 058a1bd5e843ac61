import { afterEach } from "@jest/globals";
import type { MockServer, MockServerOptionsInput } from "../../src/index.js";
import { startOnClock } from "../../src/mock-server.js";
import { VirtualClock } from "./virtual-clock.js";

const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A server whose time moves only when it is told to. */
export interface VirtualServer {
  readonly server: MockServer;
  /** Milliseconds of the server's clock. */
  readonly nowMs: () => number;
  /** Goes on to an instant, with everything that is due until then; `settled` is waited for after each waking. */
  readonly goTo: (ms: number, settled?: () => Promise<void>) => Promise<void>;
  /** Goes on until the condition holds. */
  readonly goUntil: (condition: () => boolean) => Promise<void>;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Starts a server on a free port at 0 ms of its own time. */
export async function serveVirtually(options: MockServerOptionsInput = {}): Promise<VirtualServer> {
  const clock = new VirtualClock();
  const server = await startOnClock({ port: 0, ttft_ms: 0, itl_ms: 0, output_tokens: 4, ...options }, clock);
  open.push(() => server.close());
  return {
    server,
    nowMs: () => clock.now / 1e6,
    async goTo(ms, settled = turn) {
      while (clock.stepUntil(ms * 1e6)) await settled();
    },
    async goUntil(condition) {
      while (!condition()) {
        clock.step();
        await turn();
      }
    },
  };
}
