import type { RampArgs } from "@core/scheduler";
import { attainmentOf } from "./attainment-of.js";
import type { Conclusion } from "./conclusion.js";
import { GoodputSearch, type GoodputSearchPlan } from "./goodput-search.js";
import { Profile, type ProfileSteps, type StepOutcome } from "./profile.js";
import { streamsOf } from "./streams-of.js";

/** GuideLLM's search for the most streams that meet the objectives: each probe is one benchmark. */
export class GoodputProfile extends Profile {
  readonly #plan: GoodputSearchPlan;
  readonly #ramp: RampArgs;
  #search: GoodputSearch | null = null;

  constructor(plan: GoodputSearchPlan, ramp: RampArgs) {
    super();
    this.#plan = plan;
    this.#ramp = ramp;
  }

  /** As many steps as there may be probes. */
  override plannedSteps(): readonly string[] {
    return Array.from({ length: this.#plan.maxProbes }, () => "concurrent");
  }

  /** The most streams ever probed. */
  override plannedConcurrency(): number {
    return this.#plan.maxStreams;
  }

  /** Probes until the search ends; throws {@link BenchmarkError} when the objectives cannot be measured. */
  override *steps(): ProfileSteps {
    const search = new GoodputSearch(this.#plan);
    this.#search = search;
    for (let streams = search.next; streams !== null; streams = search.next) {
      const outcome: StepOutcome = yield { strategy: { type_: "concurrent", streams, ...this.#ramp } };
      search.record({
        streams: streamsOf(outcome.strategy),
        ...attainmentOf(outcome),
        goodput: outcome.goodputPerSecond,
        aborted: outcome.stopAllQueuing,
      });
    }
  }

  /** The state of the search, as GuideLLM reports it. */
  override conclusion(): Conclusion | null {
    const search = this.#search;
    if (search === null || search.probes.length === 0) return null;
    return {
      kind: "goodput_search",
      summary: summarize(search),
      target_attainment: this.#plan.targetAttainment,
      tolerance: this.#plan.tolerance,
      confidence: this.#plan.confidence,
      probes: search.probes,
      best_passing_streams: search.bestPassing,
      lowest_failing_streams: search.lowestFailing,
      stop_reason: search.stopReason,
    };
  }
}

function summarize(search: GoodputSearch): readonly string[] {
  const { bestPassing: best, lowestFailing: worst, stopReason, probes } = search;
  const unresolved = probes.filter(({ resolved, aborted }) => !resolved && !aborted).map(({ streams }) => streams);
  const doubts =
    unresolved.length === 0
      ? []
      : [`Too few requests to be sure at ${unresolved.join(", ")} streams: give the probes more time or requests.`];
  if (best === null) return [...withoutLevel(search), ...doubts];
  const bound = worst === null ? "; no level that was measured fails them" : `; ${worst} do not`;
  const early =
    stopReason === "converged" ? [] : [`The search ended early (${stopReason}): this is only a lower bound.`];
  return [`${best} streams meet the objectives${bound} (${probes.length} probes).`, ...early, ...doubts];
}

function withoutLevel({ stopReason, lowestFailing, probes }: GoodputSearch): readonly string[] {
  if (stopReason === "objectives_unmet_at_minimum") return ["Not even one stream meets the objectives."];
  const lowest = lowestFailing ?? probes[0]?.streams;
  return [`No level was found that meets the objectives; the lowest one measured is ${lowest} (${stopReason}).`];
}
