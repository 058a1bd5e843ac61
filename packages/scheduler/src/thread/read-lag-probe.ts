import type { Clock } from "@core/backend";

/** Mean time between two probes, and how far it is drawn from: an even beat could hide in a rhythm of the load. */
const PERIOD_MS = 25;
const SPREAD_MS = 10;

/**
 * Sends a request worker the instant of the sending, over and over: how late its thread reads it is how late it reads
 * what comes from a server. Both wake it in the same way, and wait alike for its core, its event loop and its garbage
 * collection.
 */
export class ReadLagProbe {
  readonly #clock: Clock;
  readonly #send: (sentNs: number) => void;
  #timeout: NodeJS.Timeout | null = null;

  constructor(clock: Clock, send: (sentNs: number) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Probes from now on. */
  start(): void {
    this.stop();
    this.#next();
  }

  stop(): void {
    if (this.#timeout !== null) clearTimeout(this.#timeout);
    this.#timeout = null;
  }

  #next(): void {
    const afterMs = PERIOD_MS + SPREAD_MS * (2 * Math.random() - 1);
    this.#timeout = setTimeout(() => {
      this.#send(this.#clock.nowNs());
      this.#next();
    }, afterMs).unref();
  }
}
