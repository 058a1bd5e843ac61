import type { RampArgs } from "@core/scheduler";
import { assessKnee, type KneeAssessment } from "../analysis/assess-knee.js";
import { findKnee, type Knee } from "../analysis/find-knee.js";
import { KNEE_BLOCKS, type KneeInterval, kneeInterval } from "../analysis/knee-interval.js";
import { planRefinement, type RefinementPlan, skippedRefinement } from "../analysis/plan-refinement.js";
import { findSaturationBoundary, readSaturation, type SaturationBoundary } from "../analysis/saturation-boundary.js";
import type { Conclusion } from "./conclusion.js";
import { Profile, type ProfileStep, type ProfileSteps, type StepOutcome } from "./profile.js";
import { streamsOf } from "./streams-of.js";

/** What the knee profile is told. */
export interface KneePlan {
  /** Levels of the first pass, ascending. */
  readonly initialStreams: readonly number[];
  /** Whether a second pass looks closer. */
  readonly adaptive: boolean;
  readonly pointsEachSide: number;
  readonly maxStep: number;
  readonly ramp: RampArgs;
  /** Of the interval of the knee. */
  readonly seed: number;
}

interface KneeAnalysis {
  readonly throughput_knee: Knee;
  readonly throughput_knee_interval: KneeInterval;
  /** The same over the logarithm of the levels. */
  readonly throughput_knee_log: Knee;
  readonly over_saturation: SaturationBoundary;
  readonly assessment: KneeAssessment;
  /** Whether the highest level has the highest throughput, so that the knee may lie above it. */
  readonly still_rising: boolean;
}

interface Level {
  readonly streams: number;
  readonly throughput: number | null;
  /** The same in parts. */
  readonly blocks: readonly number[] | null;
  readonly saturation: Readonly<Record<string, unknown>> | null;
}

/** Measures throughput over the number of streams and finds where it stops growing. */
export class KneeProfile extends Profile {
  readonly #plan: KneePlan;
  readonly #levels: Level[] = [];
  #initial: KneeAnalysis | null = null;
  #refinement: RefinementPlan | null = null;

  constructor(plan: KneePlan) {
    super();
    this.#plan = plan;
  }

  /** The first pass, and the most that a second one may have. */
  override plannedSteps(): readonly string[] {
    const { initialStreams, adaptive, pointsEachSide } = this.#plan;
    const closer = Array.from({ length: adaptive ? 2 * pointsEachSide + 1 : 0 }, () => "concurrent");
    return [...initialStreams.map((streams) => `concurrent@${streams}`), ...closer];
  }

  /** The highest level of the first pass; a second one may go beyond it. */
  override plannedConcurrency(): number {
    return Math.max(...this.#plan.initialStreams);
  }

  /** Yields the levels; a `stopping_scope: all` stop ends the pass, and there is no second one. */
  override *steps(): ProfileSteps {
    const stopped = yield* this.#pass(this.#plan.initialStreams);
    this.#initial = this.#analyse();
    this.#refinement = this.#refine(this.#initial, stopped);
    if (this.#refinement.status === "planned") yield* this.#pass(this.#refinement.concurrencies);
  }

  /** The analyses of the first pass and of everything, and the plan of the second pass. */
  override conclusion(): Conclusion | null {
    if (this.#levels.length === 0) return null;
    const final = this.#analyse();
    return {
      kind: "knee_detection",
      summary: summarize(final, this.#refinement),
      initial: this.#initial ?? final,
      adaptive_plan: this.#refinement ?? skippedRefinement("the first pass did not end"),
      final,
    };
  }

  *#pass(levels: readonly number[]): Generator<ProfileStep, boolean, StepOutcome> {
    for (const streams of levels) {
      const outcome = yield { strategy: { type_: "concurrent", streams, ...this.#plan.ramp } };
      this.#levels.push({
        streams: streamsOf(outcome.strategy),
        throughput: outcome.outputTokensPerSecond,
        blocks: outcome.outputTokensPerSecond === null ? null : outcome.outputTokenBlocks(KNEE_BLOCKS),
        saturation: outcome.overSaturation,
      });
      if (outcome.stopAll) return true;
    }
    return false;
  }

  #analyse(): KneeAnalysis {
    const knee = findKnee(this.#levels);
    const boundary = findSaturationBoundary(
      this.#levels.map(({ streams, saturation }) => readSaturation(streams, saturation)),
    );
    return {
      throughput_knee: knee,
      throughput_knee_interval: kneeInterval(this.#levels, this.#plan.seed),
      throughput_knee_log: findKnee(this.#levels, "log"),
      over_saturation: boundary,
      assessment: assessKnee(knee, boundary),
      still_rising: isStillRising(this.#levels),
    };
  }

  #refine({ assessment }: KneeAnalysis, stopped: boolean): RefinementPlan {
    if (!this.#plan.adaptive) return skippedRefinement("adaptive is off");
    if (stopped) return skippedRefinement("a constraint ended the first pass");
    const measured = this.#levels.map(({ streams }) => streams);
    return planRefinement(assessment, measured, this.#plan);
  }
}

function isStillRising(levels: readonly Level[]): boolean {
  const highest = Math.max(...levels.map(({ streams }) => streams));
  const most = Math.max(...levels.map(({ throughput }) => throughput ?? 0));
  return levels.some(({ streams, throughput }) => streams === highest && throughput === most);
}

function summarize(
  { throughput_knee: knee, throughput_knee_interval: sureness, still_rising }: KneeAnalysis,
  plan: RefinementPlan | null,
): readonly string[] {
  const found =
    knee.status === "ok"
      ? `Throughput stops growing at ${knee.knee?.toFixed(2)} streams${intervalText(sureness)}; the first level measured from there on is ${knee.saturation_concurrency}.`
      : `No knee of throughput was found: ${knee.reason}.`;
  const rising =
    still_rising && knee.status !== "ok" ? ["Throughput is highest at the highest level: measure higher levels."] : [];
  const closer =
    plan === null || plan.reason === "adaptive is off"
      ? []
      : [
          plan.status === "planned"
            ? `Looked closer at ${plan.concurrencies.join(", ")} streams.`
            : `No second pass: ${plan.reason}.`,
        ];
  return [found, ...rising, ...closer];
}

function intervalText({ interval, found_share, confidence }: KneeInterval): string {
  if (interval === null) return ` (not sure: ${Math.round(100 * found_share)} % of the resamples have a knee)`;
  return ` (${100 * confidence} % interval ${interval.lower.toFixed(2)} to ${interval.upper.toFixed(2)})`;
}
