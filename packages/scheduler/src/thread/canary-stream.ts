import { setTimeout as after } from "node:timers/promises";
import { type Backend, type Clock, type GenerationRequest, RequestTimings, UNKNOWN_USAGE } from "@core/backend";

/** A stream of a server of known timing, as this thread read it. */
export interface CanaryReading {
  readonly sendNs: number;
  /** When each event with tokens was read. */
  readonly tokenTimesNs: Float64Array;
}

/** Longest pause between two streams: an even beat could hide in a rhythm of the load. */
const PAUSE_MS = 50;

const REQUEST: GenerationRequest = {
  requestId: "canary",
  columns: { text_column: ["canary"] },
  turnType: "standard",
  inputMetrics: UNKNOWN_USAGE,
  outputMetrics: UNKNOWN_USAGE,
};

/**
 * One stream after the other from a server of known timing, read by the thread and the code that carry the load, beside
 * it and not counted with it: what is late in them is late in the others.
 */
export class CanaryStream {
  readonly #backend: Backend;
  readonly #clock: Clock;
  readonly #end = new AbortController();
  readonly #readings: CanaryReading[] = [];
  readonly #done: Promise<void>;

  /** Begins at once. @param backend - Started; its model is known. */
  constructor(backend: Backend, clock: Clock) {
    this.#backend = backend;
    this.#clock = clock;
    this.#done = this.#run().catch(() => {}); // a load is not given up for its canary: there are no readings then
  }

  /** Ends the streams. @returns Those that were complete. */
  async finish(): Promise<readonly CanaryReading[]> {
    this.#end.abort();
    await this.#done;
    return this.#readings;
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    const timings = new RequestTimings();
    while (!signal.aborted) {
      timings.reset();
      const prepared = this.#backend.prepare(REQUEST, null);
      const context = { signal, timings, clock: this.#clock, keepText: false };
      for await (const event of this.#backend.resolve(prepared, context)) {
        if (event.type !== "final") continue;
        const tokenTimesNs = timings.tokenTimesNs.slice(0, timings.tokenIterations);
        this.#readings.push({ sendNs: timings.sendNs, tokenTimesNs });
      }
      await after(Math.random() * PAUSE_MS, undefined, { signal }).catch(() => {}); // ended meanwhile
    }
  }
}
