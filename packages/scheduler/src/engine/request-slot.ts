import {
  type Clock,
  type FinalEvent,
  type GenerationRequest,
  type PartialEvent,
  type PreparedRequest,
  RequestTimings,
  type ResolveContext,
  type StampMemory,
  type TurnType,
  UNKNOWN_USAGE,
  type UsageMetrics,
} from "@core/backend";
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

/** What was asked for, as a record tells it. */
export interface Asked extends Pick<GenerationRequest, "turnType" | "inputMetrics" | "outputMetrics"> {
  readonly classId?: number | undefined;
}

/** What one request in flight needs, made once and used again. It is the context that the backend gets. */
export class RequestSlot implements ResolveContext, Asked {
  readonly clock: Clock;
  readonly timings: RequestTimings;
  #controller = createController();
  signal: AbortSignal = this.#controller.signal;
  keepText = false;
  /** Place among the samples, null when the texts are not sampled. */
  samplePlace: number | null = null;
  launch: Launch | null = null;
  turnType: TurnType = "standard";
  inputMetrics: UsageMetrics = UNKNOWN_USAGE;
  outputMetrics: UsageMetrics = UNKNOWN_USAGE;
  classId: number | undefined;
  terminal: FinalEvent | PartialEvent | null = null;
  /** What `resolve` threw, wrapped so that `undefined` can be told from nothing. */
  thrown: { readonly error: unknown } | null = null;

  /** @param memory - Shared by the slots of a worker. */
  constructor(clock: Clock, memory: StampMemory) {
    this.clock = clock;
    this.timings = new RequestTimings(memory);
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
    this.#note(launch.work);
    if (!this.signal.aborted) return;
    this.#controller = createController();
    this.signal = this.#controller.signal;
  }

  /**
   * What the backend is to send. Of a request whose texts nobody will read it is the only one to hold it from then on: a
   * prompt may be large, and there are many at once.
   */
  takePrepared(): PreparedRequest | null {
    const work = this.launch?.work;
    if (work === undefined) return null;
    const { prepared } = work;
    if (this.keepText) return prepared;
    work.prepared = null;
    work.conversation.forget();
    return prepared;
  }

  /** Asks the backend to end the request. */
  abort(): void {
    this.#controller.abort();
  }

  #note({ conversation, position }: Work): void {
    const { request, classId } = conversation.node(position);
    this.turnType = request.turnType;
    this.inputMetrics = request.inputMetrics;
    this.outputMetrics = request.outputMetrics;
    this.classId = classId;
  }
}

/** Perf: a signal with a listener keeps its table of listeners, which is else made anew for every request. */
function createController(): AbortController {
  const controller = new AbortController();
  controller.signal.addEventListener("abort", () => {});
  return controller;
}
