import type { Clock } from "@core/backend";
import { RecordTable } from "@core/metrics";
import { CoreError } from "@core/registry";
import type { Constraint } from "../constraint/constraint.js";
import { requestsExhausted } from "../constraint/count-constraint.js";
import { ControlBlock } from "../control/control-block.js";
import { FailureCounts } from "../engine/failure-counts.js";
import type { Timers } from "../engine/timers.js";
import { SchedulerError } from "../errors.js";
import type { RunPlan } from "../run-plan.js";
import type { Schedule } from "../strategy/schedule.js";
import { createSchedule } from "../strategy/strategies.js";
import { countsOfTable, recordLostRequests } from "./lost-requests.js";
import { RunObserver } from "./run-observer.js";
import type { DatasetReport, RunResult, StopReason } from "./run-result.js";
import { type RunSnapshot, takeSnapshot } from "./run-snapshot.js";
import { SampleCollection } from "./sample-collection.js";
import { summarizeRun, triggeredConstraints } from "./summarize-run.js";
import type { WorkerLink, WorkerListener, WorkerReport } from "./worker-link.js";

/** Time for the start message to reach every worker. */
const LEAD_NS = 20e6;
const SNAPSHOT_NS = 100e6;
const WATCH_NS = 100e6;
/** How long after its hard deadline a worker may take to say that it is done. */
const WATCHDOG_NS = 3e9;

/** What a {@link RunController} needs. */
export interface RunControllerOptions {
  readonly plan: RunPlan;
  /** The workers that take part, `plan.workers` of them. */
  readonly links: readonly WorkerLink[];
  readonly constraints: readonly Constraint[];
  readonly clock: Clock;
  readonly timers: Timers;
  /** How long requests in flight may go on after sending was stopped; may be infinite. */
  readonly graceNs: number;
  readonly onUpdate?: ((snapshot: RunSnapshot) => void) | undefined;
}

/** A run as the controller leaves it; the scheduler adds what the data did. */
export type ControlledRun = Omit<RunResult, "dataset"> & { readonly dataset: Pick<DatasetReport, "exhausted"> };

/** Leads the workers through one run: arm, start, stop, drain, cut, collect. */
export class RunController {
  readonly #options: RunControllerOptions;
  readonly #control: ControlBlock;
  readonly #schedule: Schedule;
  readonly #table: RecordTable;
  readonly #observer: RunObserver;
  readonly #samples = new SampleCollection();
  readonly #failures = new FailureCounts();
  readonly #cancels: (() => void)[] = [];
  #startNs = Number.NaN;
  #stoppedNs: number | null = null;
  #interrupted = false;
  #cut = false;
  #ended = false;
  #failure: CoreError | null = null;

  constructor(options: RunControllerOptions) {
    this.#options = options;
    this.#control = new ControlBlock(options.plan.workers);
    this.#schedule = createSchedule(options.plan.strategy);
    this.#table = new RecordTable(options.plan.limits.issuedRequests);
    this.#observer = new RunObserver(this.#table);
  }

  /**
   * Runs to the end. A worker that fails or dies ends the run early; the result then says so in `failure`.
   *
   * @throws {SchedulerError} CORE_SCHEDULER_NO_DATA, or the error of a worker that could not take part.
   */
  async execute(): Promise<ControlledRun> {
    await this.#arm();
    const { clock, links, plan } = this.#options;
    this.#startNs = this.#stoppedNs ?? clock.nowNs() + LEAD_NS; // stopped already: a run of no length
    if (Number.isFinite(plan.limits.durationSeconds)) this.#awaitDuration();
    this.#publish();
    if (plan.watched) this.#watch();
    const reports = await Promise.all(links.map((link) => this.#runWorker(link)));
    this.#ended = true;
    for (const cancel of this.#cancels) cancel();
    return this.#conclude(reports.filter((report) => report !== null));
  }

  /** Stops sending, asked from outside; requests in flight have the grace period. */
  interrupt(): void {
    this.#interrupted = true;
    this.#stop(this.#options.clock.nowNs());
  }

  /** Ends everything at once, asked from outside; what has arrived is kept. */
  cut(): void {
    this.#interrupted = true;
    this.#stoppedNs ??= this.#options.clock.nowNs();
    this.#cutAll();
  }

  async #arm(): Promise<void> {
    const { links, plan } = this.#options;
    const listener: WorkerListener = {
      onBatch: (batch, samples) => {
        if (batch !== null) this.#table.append(batch);
        this.#samples.add(samples);
      },
      onFirstTokens: (triples) => this.#observer.tell(triples),
      onLimitReached: (limit, atNs) => {
        if (limit !== "issuedRequests") this.#stop(atNs);
      },
    };
    const armed = await Promise.allSettled(links.map((link) => link.arm(plan, this.#control, listener)));
    const failed = armed.find((outcome) => outcome.status === "rejected");
    const hasData = armed.some((outcome) => outcome.status === "fulfilled" && outcome.value);
    if (failed === undefined && hasData) return;
    for (const link of links) link.disarm();
    if (failed !== undefined) throw failed.reason;
    throw new SchedulerError("The data source gave no conversation, so there is nothing to send.", {
      code: "CORE_SCHEDULER_NO_DATA",
      hint: "Check the data: an empty file, a filter that drops every row, or a column name that matches nothing.",
    });
  }

  async #runWorker(link: WorkerLink): Promise<WorkerReport | null> {
    try {
      const report = await link.run(this.#startNs);
      this.#failures.merge(report.failures);
      return report;
    } catch (error) {
      this.#failure ??= toCoreError(error, link.worker);
      this.#stoppedNs ??= this.#options.clock.nowNs();
      this.#cutAll();
      return null;
    }
  }

  #awaitDuration(): void {
    const { clock, plan } = this.#options;
    const endNs = this.#startNs + plan.limits.durationSeconds * 1e9;
    const leftNs = endNs - clock.nowNs();
    if (leftNs <= 0) this.#stop(endNs);
    else this.#after(leftNs, () => this.#awaitDuration());
  }

  /** First stop wins. */
  #stop(atNs: number): void {
    if (this.#stoppedNs !== null || this.#ended) return;
    this.#stoppedNs = atNs;
    this.#control.requestStop();
    for (const link of this.#options.links) link.stop();
    if (this.#options.graceNs <= 0) this.#cutAll();
    else if (Number.isFinite(this.#options.graceNs)) this.#after(this.#options.graceNs, () => this.#cutAll());
  }

  #cutAll(): void {
    if (this.#cut || this.#ended) return;
    this.#cut = true;
    this.#control.requestCut();
    for (const link of this.#options.links) link.cut();
    this.#after(this.#options.plan.hardDeadlineNs + WATCHDOG_NS, () => {
      for (const link of this.#options.links) link.kill();
    });
  }

  #publish(): void {
    const { onUpdate, clock, constraints } = this.#options;
    if (onUpdate === undefined || this.#ended) return;
    onUpdate(takeSnapshot(this.#control, constraints, { startNs: this.#startNs, nowNs: clock.nowNs() }));
    this.#after(SNAPSHOT_NS, () => this.#publish());
  }

  /** A limit that only the controller can see is looked for until the run is stopped by whatever it is. */
  #watch(): void {
    if (this.#stoppedNs !== null || this.#ended) return;
    const nowNs = this.#options.clock.nowNs();
    if (this.#observe(nowNs)) this.#stop(nowNs);
    else this.#after(WATCH_NS, () => this.#watch());
  }

  /** Tells the constraints that watch what has happened. @returns Whether one of them asks for the end. */
  #observe(nowNs: number): boolean {
    const { constraints } = this.#options;
    const schedule = this.#schedule;
    const seconds = (nowNs - this.#startNs) / 1e9;
    const expected = schedule.mode === "open" ? (schedule.expectedRequests?.(seconds) ?? null) : null;
    const run = { openLoop: schedule.mode === "open", expected, startNs: this.#startNs, nowNs };
    const observation = this.#observer.observe(this.#control, run);
    const watching = constraints.filter((constraint) => constraint.watch !== undefined);
    for (const constraint of watching) constraint.watch?.(observation);
    return watching.some((constraint) => constraint.evaluate(observation.counts).requestProcessing !== "continue");
  }

  #after(durationNs: number, callback: () => void): void {
    this.#cancels.push(
      this.#options.timers.after(durationNs, () => {
        if (!this.#ended) callback();
      }),
    );
  }

  #conclude(reports: readonly WorkerReport[]): ControlledRun {
    const { plan, clock } = this.#options;
    this.#addLost();
    if (plan.watched && this.#stoppedNs === null) this.#observe(clock.nowNs());
    const exhausted = this.#failure === null && reports.some((report) => report.endedBy === "data");
    if (reports.some((report) => report.endedBy === "duration")) {
      this.#stoppedNs ??= this.#startNs + plan.limits.durationSeconds * 1e9;
    }
    const constraints = [...this.#options.constraints];
    if (exhausted) constraints.push(requestsExhausted(this.#table.count));
    const state = summarizeRun({
      workers: plan.workers,
      constraints,
      counts: countsOfTable(this.#table),
      table: this.#table,
      startNs: this.#startNs,
      endNs: clock.nowNs(),
      stoppedNs: this.#stoppedNs === null ? null : Math.max(this.#stoppedNs, this.#startNs),
      reports,
    });
    const stopReasons = [...triggeredConstraints(state), ...this.#outerReasons()];
    return {
      strategy: plan.strategy,
      workers: plan.workers,
      table: this.#table,
      samples: this.#samples.list(),
      state,
      startNs: this.#startNs,
      stopReasons,
      stopAll: stopReasons.some((reason) => reason.stoppingScope === "all"),
      failures: this.#failures.list(),
      diagnostics: reports,
      dataset: { exhausted },
      failure: this.#failure,
    };
  }

  #outerReasons(): readonly StopReason[] {
    const reasons: StopReason[] = [];
    if (this.#interrupted) reasons.push({ kind: "interrupt", stoppingScope: "all" });
    if (this.#failure !== null) reasons.push({ kind: "failure", stoppingScope: "all" });
    return reasons;
  }

  /** Every issued request must have a record; what a failed worker kept is counted as errored. */
  #addLost(): void {
    const owners = this.#table.column("worker");
    for (let worker = 0; worker < this.#options.plan.workers; worker += 1) {
      const { issued } = this.#control.countsOf(worker);
      const received = owners.filter((owner) => owner === worker).length;
      if (issued === received) continue;
      this.#failure ??= new SchedulerError(
        `Worker ${worker} issued ${issued} requests and handed over ${received} records.`,
        { code: "CORE_SCHEDULER_LOST_REQUESTS", hint: "This is a defect of the scheduler; please report it." },
      );
      const { code } = this.#failure;
      const count = recordLostRequests(this.#table, { worker, issued, received, code });
      const first = { code, message: this.#failure.message, phase: "stream" } as const;
      if (count > 0) this.#failures.merge([{ code, count, first }]);
    }
  }
}

function toCoreError(error: unknown, worker: number): CoreError {
  if (CoreError.isInstance(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SchedulerError(`Request worker ${worker} failed: ${message}`, {
    code: "CORE_SCHEDULER_WORKER_FAILED",
    cause: error,
  });
}
