import { type Interval, wilsonInterval } from "@core/metrics";

/** What a goodput search is told. */
export interface GoodputSearchPlan {
  /** Share of requests that must meet the objectives, in (0, 1). */
  readonly targetAttainment: number;
  readonly initialStreams: number;
  readonly maxStreams: number;
  /** Width of the bracket, as a share of its lower end, at which the search ends. */
  readonly tolerance: number;
  readonly maxProbes: number;
  readonly confidence: number;
}

/** Why a goodput search ended. */
export type GoodputStop =
  | "converged"
  | "max_streams_reached"
  | "max_probes_exhausted"
  | "objectives_unmet_at_minimum"
  | "indeterminate_at_minimum"
  | "constraint_stopped_escalation";

/** One level that was measured, under the keys of the report. */
export interface GoodputProbe {
  readonly streams: number;
  readonly attainment: number;
  readonly attainment_lower: number;
  readonly attainment_upper: number;
  readonly determined_requests: number;
  /** Requests per second that met the objectives. */
  readonly goodput: number | null;
  /** By the point estimate. */
  readonly passed: boolean;
  /** Whether the interval lies on one side of the target. */
  readonly resolved: boolean;
  /** Ended by a constraint that ends the search; no bound. */
  readonly aborted: boolean;
}

/** What a probe measured. */
export interface ProbeScore {
  /** Streams that really ran: the backend may allow fewer than asked for. */
  readonly streams: number;
  readonly conforming: number;
  readonly determined: number;
  readonly goodput: number | null;
  readonly aborted: boolean;
}

/**
 * Search for the highest number of streams that meets the objectives: doubling, then bisection, each level decided by
 * its point estimate. The algorithm of GuideLLM 0.8.1.
 */
export class GoodputSearch {
  readonly #plan: GoodputSearchPlan;
  readonly #probes: GoodputProbe[] = [];
  #next: number | null;
  #mostStreams: number;
  #best: number | null = null;
  #worst: number | null = null;
  #stop: GoodputStop | null = null;

  constructor(plan: GoodputSearchPlan) {
    this.#plan = plan;
    this.#mostStreams = plan.maxStreams;
    this.#next = plan.initialStreams;
  }

  /** Level to measure next; null when the search has ended. */
  get next(): number | null {
    return this.#next;
  }

  get probes(): readonly GoodputProbe[] {
    return this.#probes;
  }

  /** Highest level that passed. */
  get bestPassing(): number | null {
    return this.#best;
  }

  /** Lowest level that failed. */
  get lowestFailing(): number | null {
    return this.#worst;
  }

  get stopReason(): GoodputStop | null {
    return this.#stop;
  }

  /** Takes in what the level asked for measured, and chooses the next one. */
  record(score: ProbeScore): void {
    const asked = this.#next ?? score.streams;
    if (score.streams < asked) this.#mostStreams = score.streams;
    const probe = this.#judge(score);
    this.#probes.push(probe);
    if (score.aborted) {
      this.#end("constraint_stopped_escalation");
      return;
    }
    if (probe.passed) this.#best = Math.max(this.#best ?? 0, probe.streams);
    else this.#worst = Math.min(this.#worst ?? Number.POSITIVE_INFINITY, probe.streams);
    this.#chooseNext();
    if (this.#next !== null && this.#probes.length >= this.#plan.maxProbes) this.#end("max_probes_exhausted");
  }

  #judge({ streams, conforming, determined, goodput, aborted }: ProbeScore): GoodputProbe {
    const { targetAttainment: target, confidence } = this.#plan;
    const interval: Interval = wilsonInterval(conforming, determined, confidence);
    return {
      streams,
      attainment: conforming / determined,
      attainment_lower: interval.lower,
      attainment_upper: interval.upper,
      determined_requests: determined,
      goodput,
      passed: conforming / determined >= target,
      resolved: interval.lower >= target || interval.upper < target,
      aborted,
    };
  }

  #chooseNext(): void {
    const best = this.#best;
    const worst = this.#worst;
    if (worst === null) {
      if ((best ?? 0) >= this.#mostStreams) this.#end("max_streams_reached");
      else this.#next = Math.min(2 * (best ?? 1), this.#mostStreams);
    } else if (best === null) {
      if (worst > 1) this.#next = Math.floor(worst / 2);
      else
        this.#end(
          this.#probes.every(({ resolved }) => resolved) ? "objectives_unmet_at_minimum" : "indeterminate_at_minimum",
        );
    } else if (worst - best <= Math.max(1, this.#plan.tolerance * best)) this.#end("converged");
    else this.#next = Math.floor((best + worst) / 2);
  }

  #end(reason: GoodputStop): void {
    this.#stop = reason;
    this.#next = null;
  }
}
