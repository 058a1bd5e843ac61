import { normalQuantile } from "@core/metrics";
import type { LatencyTrend } from "../analysis/latency-trend.js";
import { judgeEvidence, type ObjectiveEvidence, type ObjectiveJudgement, poolEvidence } from "./level-evidence.js";

/** What a search is told. */
export interface LoadSearchPlan {
  /** Streams are whole numbers, rates are not. */
  readonly whole: boolean;
  readonly initial: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Width of the bracket, as a share of its lower end, at which the search ends. */
  readonly tolerance: number;
  /** Share of requests that must meet the objectives that name none. */
  readonly targetAttainment: number;
  /** Of the decision on a level, however often it is looked at. */
  readonly confidence: number;
  /** Longest probe of a level, in lengths of the first one: a power of two. */
  readonly maxStretch: number;
  readonly maxProbes: number;
  /** Seconds of load in all; null is unlimited. */
  readonly budgetSeconds: number | null;
}

/** What a probe measured. */
export interface ProbeMeasurement {
  /** The level that ran: a backend may allow less than was asked for. */
  readonly level: number;
  readonly seconds: number;
  readonly evidence: readonly ObjectiveEvidence[];
  /** Null for a closed loop, which cannot fall behind. */
  readonly trend: LatencyTrend | null;
  /** Ended by a constraint that ends the search. */
  readonly aborted: boolean;
}

/** A probe to run. */
export interface Probe {
  readonly level: number;
  /** Length, in lengths of a first probe. */
  readonly stretch: number;
}

/** Why a search ended. */
export type SearchStop =
  | "converged"
  | "maximum_reached"
  | "unmet_at_minimum"
  | "undecided_at_minimum"
  | "max_probes_exhausted"
  | "budget_exhausted"
  | "constraint_stopped_search";

/** What is known of a level. */
export interface SearchLevel {
  readonly level: number;
  readonly decision: "passed" | "failed" | "undecided";
  readonly probes: number;
  /** Probes after which the requests were enough to pass, had all of them conformed. */
  readonly looks: number;
  /** Length of all probes, in lengths of a first one. */
  readonly length: number;
  /** Seconds of load. */
  readonly seconds: number;
  readonly objectives: readonly ObjectiveJudgement[];
  readonly trend: LatencyTrend | null;
}

/** Longest probe of a level with few requests, in longest probes of a level that is hard to decide. */
const MOST_FOR_FEW = 4;
/** Growth of the level while no bound is known, and how far above a failed first level the last look goes. */
const GROWTH = 2;
const LOOK_ABOVE = 1.5;
const RATE_DIGITS = 4;

/**
 * Search for the highest level that meets its objectives, by doubling and bisection. A level is decided by the interval
 * of everything measured at it: while the interval holds the target, the level is probed again, twice as long each time.
 * The confidence is shared among these looks (C. E. Bonferroni), so that looking often proves nothing. A level that stays
 * undecided is a bound to neither side: the search closes in on it from below, then from above.
 */
export class LoadSearch {
  readonly #plan: LoadSearchPlan;
  readonly #levels = new Map<number, SearchLevel>();
  readonly #evidence = new Map<number, readonly ObjectiveEvidence[]>();
  readonly #remeasured: SearchLevel[] = [];
  #maximum: number;
  #probes = 0;
  #seconds = 0;
  #next: Probe | null;
  #stop: SearchStop | null = null;

  constructor(plan: LoadSearchPlan) {
    this.#plan = plan;
    this.#maximum = plan.maximum;
    this.#next = { level: plan.initial, stretch: 1 };
  }

  /** Probe to run next; null when the search has ended. */
  get next(): Probe | null {
    return this.#next;
  }

  get stopReason(): SearchStop | null {
    return this.#stop;
  }

  get probes(): number {
    return this.#probes;
  }

  get seconds(): number {
    return this.#seconds;
  }

  /** Ascending. */
  get levels(): readonly SearchLevel[] {
    return [...this.#levels.values()].sort((left, right) => left.level - right.level);
  }

  /** Levels that were measured a second time from nothing, as they were found first. */
  get remeasured(): readonly SearchLevel[] {
    return this.#remeasured;
  }

  /** Highest level below every failure that passed: the answer. */
  get highestPassing(): number | null {
    const failing = this.lowestFailing ?? Number.POSITIVE_INFINITY;
    const passing = this.#of("passed").filter((level) => level < failing);
    return passing.length === 0 ? null : Math.max(...passing);
  }

  get lowestFailing(): number | null {
    const failing = this.#of("failed");
    return failing.length === 0 ? null : Math.min(...failing);
  }

  /** Levels above a failure that passed all the same. */
  get passingAboveFailure(): readonly number[] {
    const failing = this.lowestFailing ?? Number.POSITIVE_INFINITY;
    return this.#of("passed").filter((level) => level > failing);
  }

  /** Takes in what {@link next} measured, and chooses the probe after it. */
  record(measurement: ProbeMeasurement): void {
    const { level } = measurement;
    if (this.#next !== null && level < this.#next.level) this.#maximum = level;
    this.#probes += 1;
    this.#seconds += measurement.seconds;
    if (measurement.aborted) {
      this.#end("constraint_stopped_search");
      return;
    }
    this.#judge(measurement);
    this.#next = this.#again(level) ?? this.#elsewhere();
    if (this.#next === null) return;
    if (this.#probes >= this.#plan.maxProbes) this.#end("max_probes_exhausted");
    else if (this.#seconds >= (this.#plan.budgetSeconds ?? Number.POSITIVE_INFINITY)) this.#end("budget_exhausted");
  }

  get #mostLooks(): number {
    return Math.floor(Math.log2(this.#plan.maxStretch)) + 1;
  }

  get #lookConfidence(): number {
    return 1 - (1 - this.#plan.confidence) / this.#mostLooks;
  }

  #judge({ level, seconds, evidence, trend }: ProbeMeasurement): void {
    const { targetAttainment } = this.#plan;
    const before = this.#levels.get(level);
    const known = this.#evidence.get(level);
    const pooled = evidence.map((one, at) => {
      const earlier = known?.[at];
      return earlier === undefined ? one : poolEvidence(earlier, one);
    });
    this.#evidence.set(level, pooled);
    const rule = { confidence: this.#lookConfidence, defaultTarget: targetAttainment };
    const objectives = pooled.map((one) => judgeEvidence(one, rule));
    const looks = (before?.looks ?? 0) + (mostMissing(objectives, rule.confidence) <= 1 ? 1 : 0);
    this.#levels.set(level, {
      level,
      decision: decide(objectives, trend, looks >= this.#mostLooks),
      probes: (before?.probes ?? 0) + 1,
      looks,
      length: (before?.length ?? 0) + (this.#next?.stretch ?? 1),
      seconds: (before?.seconds ?? 0) + seconds,
      objectives,
      trend,
    });
  }

  /** The same level for longer, while it is undecided: long enough to be decided at all, then twice as long each time. */
  #again(level: number): Probe | null {
    const found = this.#levels.get(level);
    if (found?.decision !== "undecided" || found.looks >= this.#mostLooks) return null;
    const missing = mostMissing(found.objectives, this.#lookConfidence);
    if (missing <= 1) return { level, stretch: 2 ** found.looks };
    const most = this.#plan.maxStretch * MOST_FOR_FEW;
    const stretch = Math.min(Math.ceil(2 * missing * found.length), most) - found.length;
    return stretch < 1 ? null : { level, stretch };
  }

  #elsewhere(): Probe | null {
    const best = this.highestPassing;
    const worst = this.lowestFailing;
    if (best === null) return worst === null && this.#leansUp() ? this.#above(0) : this.#below(worst);
    if (worst === null) return this.#above(best);
    const level = this.#between(best, worst);
    if (level !== null) return { level, stretch: 1 };
    return this.#confirm(best) ?? this.#lookAbove(worst);
  }

  /** Whether undecided levels, the only ones so far, rather pass than fail. */
  #leansUp(): boolean {
    const highest = this.levels.at(-1);
    const leans = highest?.objectives.every(({ attainment, target }) => (attainment ?? 1) >= (target ?? 1)) ?? false;
    return leans && (highest?.level ?? 0) < this.#maximum;
  }

  #below(worst: number | null): Probe | null {
    const lowest = Math.min(...this.#levels.keys());
    if (lowest > this.#plan.minimum) {
      return { level: Math.max(this.#plan.minimum, this.#rounded(lowest / GROWTH)), stretch: 1 };
    }
    return this.#end(worst === lowest ? "unmet_at_minimum" : "undecided_at_minimum");
  }

  #above(best: number): Probe | null {
    const highest = Math.max(...this.#levels.keys());
    if (highest < this.#maximum) return { level: Math.min(this.#maximum, this.#rounded(highest * GROWTH)), stretch: 1 };
    const undecided = this.#of("undecided").filter((level) => level > best);
    const level = this.#middle(best, undecided[0] ?? best, (this.#plan.tolerance / 2) * best);
    if (level !== null) return { level, stretch: 1 };
    return best === 0 ? this.#end("undecided_at_minimum") : (this.#confirm(best) ?? this.#end("maximum_reached"));
  }

  /** First closes in from below, where the answer is, then from above. */
  #between(best: number, worst: number): number | null {
    const undecided = this.#of("undecided").filter((level) => level > best && level < worst);
    if (undecided.length === 0) return this.#middle(best, worst, this.#plan.tolerance * best);
    const narrow = (this.#plan.tolerance / 2) * best;
    return this.#middle(best, Math.min(...undecided), narrow) ?? this.#middle(Math.max(...undecided), worst, narrow);
  }

  #middle(low: number, high: number, width: number): number | null {
    if (high - low <= Math.max(this.#plan.whole ? 1 : 0, width)) return null;
    const level = this.#rounded((low + high) / 2);
    return level > low && level < high ? level : null;
  }

  /** The answer rests on a probe of full length: a short one may end before a queue has grown. */
  #confirm(best: number): Probe | null {
    const { maxStretch } = this.#plan;
    const isConfirmed = (this.#levels.get(best)?.length ?? 0) >= maxStretch;
    return isConfirmed ? null : { level: best, stretch: maxStretch };
  }

  /**
   * Where the very first level failed, nothing above it was measured, and the failure may be a bad moment, such as a cold
   * start: a look above tells. If that passes, the lowest failed level is measured again from nothing.
   */
  #lookAbove(worst: number): Probe | null {
    const highest = Math.max(...this.#levels.keys());
    const level = Math.min(this.#maximum, this.#rounded(highest * LOOK_ABOVE));
    if (highest <= this.#plan.initial && level > highest) return { level, stretch: 1 };
    const contradicted = this.passingAboveFailure.length > 0;
    const isRepeated = this.#remeasured.some(({ level: known }) => known === worst);
    if (!contradicted || isRepeated) return this.#end("converged");
    const failed = this.#levels.get(worst);
    if (failed !== undefined) this.#remeasured.push(failed);
    this.#levels.delete(worst);
    this.#evidence.delete(worst);
    return { level: worst, stretch: 1 };
  }

  #rounded(level: number): number {
    return this.#plan.whole ? Math.floor(level) : Number(level.toPrecision(RATE_DIGITS));
  }

  #of(decision: SearchLevel["decision"]): readonly number[] {
    return this.levels.filter((level) => level.decision === decision).map(({ level }) => level);
  }

  #end(reason: SearchStop): null {
    this.#stop = reason;
    this.#next = null;
    return null;
  }
}

/** A load that grows its own queue fails, whatever its requests still keep; so does one that misses any objective. */
function decide(
  objectives: readonly ObjectiveJudgement[],
  trend: LatencyTrend | null,
  isLastLook: boolean,
): SearchLevel["decision"] {
  if (trend?.sustained === "no" || objectives.some(({ verdict }) => verdict === "missed")) return "failed";
  const met = objectives.every(({ verdict }) => verdict === "met");
  return met && (trend?.sustained !== "unclear" || isLastLook) ? "passed" : "undecided";
}

/**
 * How many times more requests it takes until a share of 1 would pass: Wilson's lower bound of n conforming requests out
 * of n is `1 / (1 + z²/n)`. At most 1 when there are enough.
 */
function mostMissing(objectives: readonly ObjectiveJudgement[], confidence: number): number {
  const z = normalQuantile((1 + confidence) / 2);
  return Math.max(
    ...objectives.map(({ target, determined_requests }) =>
      target === null ? 0 : (z * z * target) / (1 - target) / Math.max(1, determined_requests),
    ),
    0,
  );
}
