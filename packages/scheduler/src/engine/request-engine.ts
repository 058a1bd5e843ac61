import type { Backend, Clock } from "@core/backend";
import type { RecordBatch } from "@core/metrics";
import type { ControlBlock } from "../control/control-block.js";
import type { ReachedLimit, RunPlan } from "../run-plan.js";
import { slotsOf } from "../split-slots.js";
import { createSchedule } from "../strategy/strategies.js";
import { peakRate } from "../strategy/strategy-args.js";
import { ClosedLoop } from "./closed-loop.js";
import type { FailureCount } from "./failure-counts.js";
import type { GraphSource } from "./graph-source.js";
import type { LagSummary } from "./lag-histogram.js";
import { OpenLoop } from "./open-loop.js";
import { RequestRunner } from "./request-runner.js";
import type { RequestSample } from "./request-sample.js";
import type { SendLoop, SendLoopContext, SendLoopReport } from "./send-loop.js";
import { TextSampler } from "./text-sampler.js";
import type { Timers } from "./timers.js";
import { TraceLoop } from "./trace-loop.js";
import { NO_WORK, prepareNode, type Work, WorkQueue } from "./work-queue.js";

const HOUSEKEEPING_NS = 100e6;
const ROWS_PER_BATCH = 512;
/** Requests kept ready ahead of a closed loop: its first burst, within reason. */
const MAX_READY = 1024;
const READY_SECONDS = 0.1;
const MIN_READY = 4;
/** How long the start waits for all requests to be ready, once the first one is. */
const ARM_PATIENCE_NS = 2e9;

/** Where an engine reports to. */
export interface EngineSink {
  batch(batch: RecordBatch | null, samples: readonly RequestSample[]): void;
  /** Index, send and first token, in nanoseconds, of requests in flight: each once, before its record. */
  firstTokens(triples: Float64Array<ArrayBuffer>): void;
  /** Called at most once per limit over all workers. */
  limitReached(limit: ReachedLimit, atNs: number): void;
}

/** What a {@link RequestEngine} needs. */
export interface RequestEngineOptions {
  readonly plan: RunPlan;
  /** This worker, from 0 to `plan.workers - 1`. */
  readonly worker: number;
  readonly backend: Backend;
  readonly source: GraphSource;
  readonly control: ControlBlock;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly sink: EngineSink;
}

/** What one worker did in one run. */
export interface EngineReport extends SendLoopReport {
  readonly lateSends: number;
  /** Requests whose backend ignored the abort. */
  readonly abandoned: number;
  readonly sendLag: LagSummary | null;
  readonly failures: readonly FailureCount[];
  /** Why connections could not be opened ahead, null when they were. */
  readonly warmFailure: string | null;
}

/**
 * One worker's part of one run, without a thread of its own: prepares, sends, records, and ends with exactly one
 * terminal state per issued request.
 */
export class RequestEngine {
  readonly #options: RequestEngineOptions;
  readonly #queue: WorkQueue;
  readonly #runner: RequestRunner;
  readonly #loop: SendLoop;
  readonly #finished: Promise<EngineReport>;
  #resolveFinished: (report: EngineReport) => void = () => {};
  #rejectFinished: (error: unknown) => void = () => {};
  #onArmed: (() => void) | null = null;
  #cancelHousekeeping: (() => void) | null = null;
  #cancelDeadline: (() => void) | null = null;
  #warmFailure: string | null = null;
  #watchedNs = Number.NEGATIVE_INFINITY;
  #failure: { readonly error: unknown } | null = null;
  #started = false;
  #cut = false;
  #settled = false;

  constructor(options: RequestEngineOptions) {
    this.#options = options;
    this.#finished = new Promise((resolve, reject) => {
      this.#resolveFinished = resolve;
      this.#rejectFinished = reject;
    });
    const { backend, clock, timers, control, worker, plan } = options;
    this.#queue = new WorkQueue({
      source: options.source,
      backend,
      clock,
      timers,
      target: readyTarget(plan, worker),
      onChange: () => this.#onWork(),
      onFailure: (error) => this.fail(error),
    });
    this.#runner = new RequestRunner({
      backend,
      clock,
      timers,
      control,
      worker,
      sampler: new TextSampler(plan.sampling),
      preferResponseMetrics: plan.preferResponseMetrics,
      onFinished: (launch, endNs) => {
        this.#loop.onFinished(launch, endNs);
        this.#settle();
      },
      onCounted: (totals) => this.#onCounted(totals),
    });
    this.#loop = createLoop(options, this.#loopContext());
  }

  /**
   * Opens connections and makes the first requests ready.
   *
   * @returns Whether this worker can take part: it has data, or the run was stopped meanwhile. Rejects when data or
   * backend are unusable.
   */
  async arm(): Promise<boolean> {
    this.#queue.fill();
    await this.#warm();
    if (!this.#queue.full && this.#failure === null && !this.#loop.ended) {
      await new Promise<void>((resolve) => {
        this.#onArmed = resolve;
        this.#onWork();
      });
    }
    if (this.#failure !== null) throw this.#failure.error;
    return this.#queue.hasWork || this.#loop.ended;
  }

  /** Sends from `startNs` on. Settles when nothing is in flight and nothing more will be sent. */
  run(startNs: number): Promise<EngineReport> {
    const { plan } = this.#options;
    this.#started = true;
    this.#housekeep();
    this.#loop.start(startNs, startNs + plan.limits.durationSeconds * 1e9);
    this.#settle();
    return this.#finished;
  }

  /** Gives up what {@link arm} made ready. */
  disarm(): void {
    this.#queue.close();
  }

  /** Sends nothing more; what is in flight goes on. */
  stop(): void {
    this.#loop.stop();
    this.#onArmed?.(); // nothing more will become ready
    this.#settle();
  }

  /** Sends nothing more and ends what is in flight, keeping what has arrived. */
  cut(): void {
    if (this.#cut || this.#settled) return;
    this.#cut = true;
    this.#loop.stop();
    this.#onArmed?.();
    this.#runner.abortAll();
    const { timers, plan } = this.#options;
    this.#cancelDeadline = timers.after(plan.hardDeadlineNs, () => {
      this.#runner.abandonAll();
      this.#settle();
    });
    this.#settle();
  }

  /** Ends the run because it cannot go on; {@link run} then rejects, after everything in flight has been recorded. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#onArmed?.();
    if (this.#started) this.cut();
  }

  async #warm(): Promise<void> {
    const { backend, plan, worker } = this.#options;
    try {
      await backend.warm(warmTarget(plan, worker));
    } catch (error) {
      // Not fatal: requests then open their connections themselves, and say so in their records.
      this.#warmFailure = error instanceof Error ? error.message : String(error);
    }
  }

  #onWork(): void {
    if (this.#started) {
      this.#loop.onWork();
      this.#settle();
    } else if (this.#onArmed !== null) {
      if (this.#queue.full) this.#onArmed();
      else if (this.#queue.hasWork) this.#options.timers.after(ARM_PATIENCE_NS, this.#onArmed);
    }
  }

  #onCounted(totals: { readonly processed: number; readonly errored: number }): void {
    const { limits } = this.#options.plan;
    if (totals.processed === limits.processedRequests) this.#reach("processedRequests");
    if (totals.errored === limits.erroredRequests) this.#reach("erroredRequests");
    if (this.#runner.writer.count >= ROWS_PER_BATCH) this.#flush();
  }

  #reach(limit: ReachedLimit): void {
    const { control, sink, clock } = this.#options;
    control.requestStop();
    sink.limitReached(limit, clock.nowNs());
    this.#loop.stop();
  }

  #loopContext(): SendLoopContext {
    const { clock, timers, control, plan } = this.#options;
    return {
      clock,
      timers,
      queue: this.#queue,
      control,
      limits: plan.limits,
      inFlight: () => this.#runner.inFlight,
      send: (work, intendedNs, stream) => this.#send(work, intendedNs, stream),
      following: (work) => this.#following(work),
      onEnded: () => {
        this.#queue.close();
        this.#settle();
      },
    };
  }

  #send(work: Work, intendedNs: number, stream: number | null): boolean {
    const { clock, control, plan, sink } = this.#options;
    const index = control.claim(plan.limits.issuedRequests);
    if (index === null) return false;
    this.#runner.launch({ work, index, intendedNs, stream });
    if (index !== plan.limits.issuedRequests - 1) return true;
    control.requestStop(); // what waits in other workers need not wait any longer
    sink.limitReached("issuedRequests", clock.nowNs());
    return false;
  }

  /**
   * What became ready by the end of a request. What can never run, because a request before it failed, is recorded on the
   * way; a limit reached by that ends the conversation.
   */
  #following({ conversation }: Work): readonly Work[] {
    for (let lost = conversation.takeLost(); lost !== null && !this.#loop.ended; lost = conversation.takeLost()) {
      this.#runner.skip(conversation, lost);
    }
    let ready = this.#loop.ended ? null : conversation.takeReady();
    if (ready === null) return NO_WORK;
    const following: Work[] = [];
    for (; ready !== null; ready = conversation.takeReady()) {
      following.push(prepareNode(this.#options.backend, conversation, { ...ready, alongside: NO_WORK }));
    }
    return following;
  }

  #housekeep(): void {
    this.#flush();
    const { control, timers, plan } = this.#options;
    if (plan.watched) this.#watch();
    if (control.cutRequested) this.cut();
    else if (control.stopRequested) this.stop();
    if (!this.#settled) this.#cancelHousekeeping = timers.after(HOUSEKEEPING_NS, () => this.#housekeep());
  }

  #watch(): void {
    const { clock, control, worker, sink } = this.#options;
    const firstTokens: number[] = [];
    const nowNs = clock.nowNs();
    control.setWaiting(worker, this.#runner.inspect(this.#watchedNs, firstTokens));
    this.#watchedNs = nowNs;
    if (firstTokens.length > 0) sink.firstTokens(Float64Array.from(firstTokens));
  }

  #flush(): void {
    const batch = this.#runner.writer.take();
    const samples = this.#runner.takeSamples();
    if (batch !== null || samples.length > 0) this.#options.sink.batch(batch, samples);
  }

  #settle(): void {
    if (this.#settled || !this.#started || !this.#loop.ended || this.#runner.inFlight > 0) return;
    this.#settled = true;
    this.#cancelHousekeeping?.();
    this.#cancelDeadline?.();
    this.#options.timers.clear();
    this.#flush();
    if (this.#failure === null) this.#resolveFinished(this.#report());
    else this.#rejectFinished(this.#failure.error);
  }

  #report(): EngineReport {
    return {
      ...this.#loop.report(),
      lateSends: this.#runner.lateSends,
      abandoned: this.#runner.abandoned,
      sendLag: this.#runner.sendLag.summary(),
      failures: this.#runner.failures.list(),
      warmFailure: this.#warmFailure,
    };
  }
}

function createLoop(options: RequestEngineOptions, context: SendLoopContext): SendLoop {
  const { plan, worker } = options;
  const schedule = createSchedule(plan.strategy);
  if (schedule.mode === "open") {
    const cap = slotsOf(worker, plan.workers, plan.concurrency);
    return new OpenLoop(context, { schedule, worker, cap });
  }
  if (schedule.mode === "trace")
    return new TraceLoop(context, schedule, slotsOf(worker, plan.workers, plan.concurrency));
  return new ClosedLoop(context, { schedule, streams: plan.concurrency, first: worker, stride: plan.workers });
}

function readyTarget(plan: RunPlan, worker: number): number {
  const own = slotsOf(worker, plan.workers, plan.concurrency);
  const rate = peakRate(plan.strategy);
  const ahead = rate === null ? own : Math.ceil((rate * READY_SECONDS) / plan.workers) + MIN_READY;
  return Math.max(1, Math.min(ahead, MAX_READY, plan.limits.issuedRequests));
}

/** Connections opened ahead: one for each stream; with a rate, those of one second; without either, the first burst. */
function warmTarget(plan: RunPlan, worker: number): number {
  const own = slotsOf(worker, plan.workers, plan.concurrency);
  if (plan.strategy.type_ === "throughput") return Math.min(own, MAX_READY);
  if (plan.strategy.type_ === "concurrent" && plan.strategy.concurrency_unit === "conversation") {
    return Math.min(own, MAX_READY); // most conversations wait most of the time, and need no connection then
  }
  if (plan.strategy.type_ === "trace") return Math.min(own, MIN_READY); // how many are in flight is in the data
  const rate = peakRate(plan.strategy);
  return rate === null ? own : Math.min(own, Math.ceil(rate / plan.workers));
}
