import {
  type Backend,
  type Clock,
  type RequestFailure,
  RequestTimings,
  type ResolveEvent,
  StampMemory,
} from "@core/backend";
import { mergeUsage, RECORD_STATUS, type RecordStatus, RecordWriter } from "@core/metrics";
import type { ControlBlock } from "../control/control-block.js";
import type { Conversation } from "../conversation/conversation.js";
import { FailureCounts } from "./failure-counts.js";
import { LagHistogram } from "./lag-histogram.js";
import { outcomeOf, outcomeOfAbandoned, type RequestOutcome } from "./request-outcome.js";
import type { RequestSample } from "./request-sample.js";
import { type Asked, type Launch, RequestSlot } from "./request-slot.js";
import type { TextSampler } from "./text-sampler.js";
import type { Timers } from "./timers.js";
import { toSample } from "./to-sample.js";
import { NO_WORK } from "./work-queue.js";

/** After so many ends in a row the event loop gets a turn, so that a backend without I/O cannot starve timers. */
const ENDS_PER_TURN = 32;

/** Lag from which a send counts as late. */
export const LATE_SEND_NS = 10e6;

/** What a {@link RequestRunner} needs. */
export interface RequestRunnerOptions {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly control: ControlBlock;
  readonly worker: number;
  readonly sampler: TextSampler;
  readonly preferResponseMetrics: boolean;
  /** Called once per launched request, after it was recorded; `totals` are those of all workers. */
  readonly onFinished: (launch: Launch, endNs: number) => void;
  readonly onCounted: (totals: { readonly processed: number; readonly errored: number }) => void;
}

/** Runs requests from launch to record: exactly one terminal state and one record each. */
export class RequestRunner {
  readonly writer = new RecordWriter();
  readonly sendLag = new LagHistogram();
  readonly failures = new FailureCounts();
  readonly #options: RequestRunnerOptions;
  readonly #active = new Set<RequestSlot>();
  readonly #free: RequestSlot[] = [];
  readonly #stampMemory = new StampMemory();
  #samples: RequestSample[] = [];
  #endsInARow = 0;
  #lateSends = 0;
  #abandoned = 0;

  constructor(options: RequestRunnerOptions) {
    this.#options = options;
  }

  /** Requests that were launched and have not ended. */
  get inFlight(): number {
    return this.#active.size;
  }

  /** Requests sent later than {@link LATE_SEND_NS} after their intended instant. */
  get lateSends(): number {
    return this.#lateSends;
  }

  /** Requests whose backend ignored the abort. */
  get abandoned(): number {
    return this.#abandoned;
  }

  /** Starts a request now. */
  launch(launch: Launch): void {
    const slot = this.#free.pop() ?? new RequestSlot(this.#options.clock, this.#stampMemory);
    slot.begin(launch, this.#options.sampler.place());
    this.#active.add(slot);
    this.#options.control.issue(this.#options.worker);
    if (launch.work.prepared === null) this.#options.timers.soon(() => this.#end(slot, outcomeOf(slot)));
    else void this.#resolve(slot);
  }

  /** Records a request that can never be sent because one before it failed. */
  skip(conversation: Conversation, position: number): void {
    const { control, worker, clock } = this.#options;
    const failure: RequestFailure = {
      code: "CORE_SCHEDULER_PREDECESSOR_FAILED",
      message: "A request that this one depends on did not complete.",
      phase: "prepare",
    };
    const launch: Launch = {
      work: { conversation, position, prepared: null, failure, readyNs: Number.NaN, alongside: NO_WORK },
      index: Number.NaN,
      intendedNs: Number.NaN,
      stream: null,
    };
    control.issue(worker);
    const { request, classId } = conversation.node(position);
    const outcome = { status: "cancelled", response: null, failure } as const;
    this.#record(launch, { ...request, classId }, new RequestTimings(), outcome);
    conversation.finish(position, { completed: false, response: null, endNs: clock.nowNs() });
  }

  /** Asks the backend to end everything in flight. */
  abortAll(): void {
    for (const slot of [...this.#active]) slot.abort();
  }

  /** Records what is still in flight as cancelled and forgets it; its slots are not used again. */
  abandonAll(): void {
    for (const slot of [...this.#active]) {
      if (slot.terminal === null) this.#abandoned += 1;
      this.#end(slot, outcomeOfAbandoned(slot, this.#options.worker), false);
    }
  }

  /**
   * Looks at what is in flight: not on the way of any request.
   *
   * @param firstTokens - Gets index, send and first token of each request whose first token came after `sinceNs`.
   * @returns Requests that have no token yet.
   */
  inspect(sinceNs: number, firstTokens: number[]): number {
    let waiting = 0;
    for (const { launch, timings } of this.#active) {
      if (Number.isNaN(timings.firstTokenNs)) waiting += 1;
      else if (timings.firstTokenNs > sinceNs) {
        firstTokens.push(launch?.index ?? Number.NaN, timings.sendNs, timings.firstTokenNs);
      }
    }
    return waiting;
  }

  /** Samples since the last call. */
  takeSamples(): readonly RequestSample[] {
    const samples = this.#samples;
    this.#samples = [];
    return samples;
  }

  async #resolve(slot: RequestSlot): Promise<void> {
    const { clock } = this.#options;
    slot.timings.resolveStartNs = clock.nowNs();
    try {
      for await (const event of this.#events(slot)) {
        if (event.type === "first-token") continue;
        slot.timings.resolveEndNs = clock.nowNs();
        slot.terminal = event;
        break;
      }
    } catch (error) {
      slot.thrown = { error };
    }
    this.#end(slot, outcomeOf(slot));
  }

  /** Apart from {@link #resolve}, whose frame would hold the prepared request until the end. */
  #events(slot: RequestSlot): AsyncIterable<ResolveEvent> {
    const prepared = slot.takePrepared();
    if (prepared === null) throw new Error("there is nothing to send");
    return this.#options.backend.resolve(prepared, slot);
  }

  /** The one place where a request ends; a second end of the same request changes nothing. */
  #end(slot: RequestSlot, outcome: RequestOutcome, reusable = true): void {
    const launch = slot.launch;
    if (launch === null || !this.#active.delete(slot)) return;
    const { timings } = slot;
    if (Number.isNaN(timings.resolveEndNs)) timings.resolveEndNs = this.#options.clock.nowNs();
    const endNs = Number.isNaN(timings.endNs) ? timings.resolveEndNs : timings.endNs;
    this.#measureLag(timings);
    if (slot.samplePlace !== null) {
      this.#samples.push(toSample(launch, outcome, this.#options.worker, slot.samplePlace));
    }
    launch.work.conversation.finish(launch.work.position, {
      completed: outcome.status === "completed",
      response: outcome.response,
      endNs,
    });
    this.#record(launch, slot, timings, outcome);
    slot.launch = null;
    if (reusable) this.#free.push(slot);
    this.#announce(launch, endNs);
  }

  #announce(launch: Launch, endNs: number): void {
    this.#endsInARow += 1;
    if (this.#endsInARow < ENDS_PER_TURN) {
      this.#options.onFinished(launch, endNs);
    } else {
      this.#endsInARow = 0;
      this.#options.timers.spare(() => this.#options.onFinished(launch, endNs));
    }
  }

  #record(launch: Launch, asked: Asked, timings: RequestTimings, outcome: RequestOutcome): void {
    const { control, worker } = this.#options;
    const { conversation, position } = launch.work;
    const completed = outcome.status === "completed";
    this.writer.append({
      index: launch.index,
      conversationIndex: conversation.index,
      worker,
      status: recordStatus(outcome, timings),
      turnIndex: conversation.plan.turnIndex[position] ?? 0,
      classId: asked.classId,
      precedingNodes: conversation.precedingNodes(position),
      queuedNs: conversation.receivedNs,
      predecessorCompletedNs: conversation.predecessorCompletedNs(position),
      timings,
      usage: mergeUsage({
        completed,
        preferResponse: this.#options.preferResponseMetrics,
        expectsToolCall: asked.turnType === "client_tool_call",
        requestInput: asked.inputMetrics,
        requestOutput: asked.outputMetrics,
        responseInput: outcome.response?.inputMetrics ?? null,
        responseOutput: outcome.response?.outputMetrics ?? null,
      }),
      expectedOutputTokens: asked.outputMetrics.text_tokens,
      truncated: outcome.response?.finishReason === "length",
      errorCode: outcome.failure?.code ?? null,
    });
    if (outcome.failure !== null && isWorthCounting(outcome)) this.failures.add(outcome.failure);
    if (completed) this.#addSums(timings, outcome);
    this.#options.onCounted(control.finish(worker, outcome.status));
  }

  #measureLag(timings: RequestTimings): void {
    const lagNs = timings.sendNs - timings.intendedStartNs;
    this.sendLag.record(lagNs);
    if (lagNs > LATE_SEND_NS) this.#lateSends += 1;
  }

  #addSums(timings: RequestTimings, outcome: RequestOutcome): void {
    const { control, worker } = this.#options;
    const ttftNs = timings.firstTokenNs - timings.sendNs;
    const gaps = timings.tokenIterations - 1;
    control.add(worker, "ttftSumNs", ttftNs);
    control.add(worker, "ttftCount", Number.isNaN(ttftNs) ? 0 : 1);
    control.add(worker, "gapSumNs", gaps > 0 ? timings.lastTokenNs - timings.firstTokenNs : 0);
    control.add(worker, "gapCount", Math.max(0, gaps));
    control.add(worker, "latencySumNs", timings.endNs - timings.sendNs);
    control.add(worker, "latencyCount", Number.isNaN(timings.endNs - timings.sendNs) ? 0 : 1);
    control.add(worker, "promptTokens", outcome.response?.inputMetrics.text_tokens ?? 0);
    control.add(worker, "outputTokens", outcome.response?.outputMetrics.text_tokens ?? 0);
  }
}

function recordStatus(outcome: RequestOutcome, timings: RequestTimings): RecordStatus {
  if (outcome.status !== "cancelled") return RECORD_STATUS[outcome.status];
  return Number.isNaN(timings.resolveStartNs) ? RECORD_STATUS.cancelledNeverStarted : RECORD_STATUS.cancelledStarted;
}

/** Requests that ended as asked after a cut are not failures. */
function isWorthCounting(outcome: RequestOutcome): boolean {
  return outcome.status === "errored" || outcome.failure?.code !== "CORE_BACKEND_CANCELLED";
}
