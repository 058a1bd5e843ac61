import { type Clock, type FinalEvent, type PartialEvent, RequestTimings, type ResolveContext } from "@core/backend";
import type { Work } from "./work-queue.js";

/** A request and when it is to be sent. */
export interface Launch {
  readonly work: Work;
  /** Global request index. */
  readonly index: number;
  readonly intendedNs: number;
  /** Stream of a closed loop, null in an open one. */
  readonly stream: number | null;
}

/** What one request in flight needs, made once and used again. It is the context that the backend gets. */
export class RequestSlot implements ResolveContext {
  readonly clock: Clock;
  readonly timings = new RequestTimings();
  #controller = new AbortController();
  signal: AbortSignal = this.#controller.signal;
  keepText = false;
  /** Place among the samples, null when the texts are not sampled. */
  samplePlace: number | null = null;
  launch: Launch | null = null;
  terminal: FinalEvent | PartialEvent | null = null;
  /** What `resolve` threw, wrapped so that `undefined` can be told from nothing. */
  thrown: { readonly error: unknown } | null = null;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Takes up a request. */
  begin(launch: Launch, samplePlace: number | null): void {
    this.launch = launch;
    this.samplePlace = samplePlace;
    this.terminal = null;
    this.thrown = null;
    this.timings.reset();
    this.timings.intendedStartNs = launch.intendedNs;
    this.timings.dequeuedNs = this.clock.nowNs();
    this.keepText = samplePlace !== null || launch.work.conversation.plan.answerIsShown[launch.work.position] === true;
    if (!this.signal.aborted) return;
    this.#controller = new AbortController();
    this.signal = this.#controller.signal;
  }

  /** Asks the backend to end the request. */
  abort(): void {
    this.#controller.abort();
  }
}
