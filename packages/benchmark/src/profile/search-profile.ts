import type { RampArgs, StrategyArgs } from "@core/scheduler";
import { BenchmarkError } from "../errors.js";
import type { Conclusion } from "./conclusion.js";
import type { ObjectiveJudgement } from "./level-evidence.js";
import { LoadSearch, type LoadSearchPlan, type SearchLevel, type SearchStop } from "./load-search.js";
import { Profile, type ProfileSteps, type StepOutcome } from "./profile.js";
import { type Arrivals, ratedStrategy } from "./rated-strategy.js";
import { streamsOf } from "./streams-of.js";

/** What is searched, and what a probe of a level sends. */
export type SearchedLoad =
  | { readonly load: "streams"; readonly ramp: RampArgs }
  | {
      readonly load: "rate";
      readonly arrivals: Arrivals;
      readonly maxConcurrency: number | null;
      readonly ramp: RampArgs;
    };

const STOPS: Readonly<Record<SearchStop, string>> = {
  converged: "",
  maximum_reached: "The highest level allowed was reached: the limit lies above it.",
  unmet_at_minimum: "",
  undecided_at_minimum: "The lowest level could not be decided: give the probes more time or requests.",
  max_probes_exhausted: "max_probes were used up before the bracket was narrow enough.",
  budget_exhausted: "budget_seconds were used up before the bracket was narrow enough.",
  constraint_stopped_search: "A constraint with stopping_scope all ended the search.",
};

/** Search for the highest number of streams, or the highest rate, that meets all objectives. */
export class SearchProfile extends Profile {
  readonly #plan: LoadSearchPlan;
  readonly #searched: SearchedLoad;
  #search: LoadSearch | null = null;

  constructor(plan: LoadSearchPlan, searched: SearchedLoad) {
    super();
    this.#plan = plan;
    this.#searched = searched;
  }

  /** As many steps as there may be probes; usually fewer run. */
  override plannedSteps(): readonly string[] {
    const name = this.#searched.load === "streams" ? "concurrent" : this.#searched.arrivals.type;
    return Array.from({ length: this.#plan.maxProbes }, () => name);
  }

  /** The highest level in streams, the cap for rates. */
  override plannedConcurrency(): number | null {
    return this.#searched.load === "streams" ? this.#plan.maximum : this.#searched.maxConcurrency;
  }

  /** Probes until the search ends; throws {@link BenchmarkError} when the objectives cannot be measured. */
  override *steps(): ProfileSteps {
    const search = new LoadSearch(this.#plan);
    this.#search = search;
    for (let probe = search.next; probe !== null; probe = search.next) {
      const outcome: StepOutcome = yield { strategy: this.#strategyAt(probe.level), stretch: probe.stretch };
      assertMeasured(outcome);
      const { seconds, evidence, trend, stopAllQueuing: aborted, strategy } = outcome;
      const level = this.#searched.load === "streams" ? streamsOf(strategy) : probe.level;
      search.record({ level, seconds, evidence, trend, aborted });
    }
  }

  /** The answer, its bracket, and what every level was decided on. */
  override conclusion(): Conclusion | null {
    const search = this.#search;
    if (search === null || search.probes === 0) return null;
    const { highestPassing, lowestFailing, levels } = search;
    const inside = (level: number) =>
      level > (highestPassing ?? 0) && level < (lowestFailing ?? Number.POSITIVE_INFINITY);
    return {
      kind: "load_search",
      summary: summarize(search, this.#searched.load, this.#plan.confidence),
      load: this.#searched.load,
      highest_passing: highestPassing,
      lowest_failing: lowestFailing,
      undecided: levels
        .filter(({ level, decision }) => decision === "undecided" && inside(level))
        .map(({ level }) => level),
      passing_above_failure: search.passingAboveFailure,
      stop_reason: search.stopReason,
      confidence: this.#plan.confidence,
      tolerance: this.#plan.tolerance,
      target_attainment: this.#plan.targetAttainment,
      probes: search.probes,
      seconds: search.seconds,
      levels,
      remeasured: search.remeasured,
    };
  }

  #strategyAt(level: number): StrategyArgs {
    const searched = this.#searched;
    if (searched.load === "streams") return { type_: "concurrent", streams: level, ...searched.ramp };
    return ratedStrategy(level, searched);
  }
}

/** A probe so short that no request ended in it says nothing; one whose requests have no values never will. */
function assertMeasured({ evidence, finishedRequests }: StepOutcome): void {
  if (finishedRequests === 0) return;
  const measured = evidence.some((one) => ("share" in one ? one.share.determined : one.requests) > 0);
  if (measured) return;
  throw new BenchmarkError("No request of this probe could be held against the objectives.", {
    code: "CORE_BENCHMARK_UNMEASURABLE",
    hint: "Look at its errors; a time to first token needs streaming, a time between tokens more than one token.",
  });
}

function summarize(search: LoadSearch, load: "streams" | "rate", confidence: number): readonly string[] {
  const { highestPassing: best, lowestFailing: worst, levels, stopReason } = search;
  const text = (level: number) => (load === "streams" ? `${level} streams` : `${level} requests per second`);
  const cost = `${levels.length} levels, ${search.probes} probes, ${search.seconds.toFixed(0)} s`;
  const stop = stopReason === null ? "The search was interrupted." : STOPS[stopReason];
  const failing = levels.find(({ level }) => level === worst);
  const found =
    best === null
      ? `No level was found that meets the objectives; the lowest one measured is ${text(levels[0]?.level ?? 0)} (${cost}).`
      : `${text(best)} meet the objectives (${cost}).`;
  const passing = levels.find(({ level }) => level === best);
  return [
    found,
    ...(passing === undefined ? [] : [`At ${text(passing.level)}: ${evidenceText(passing, confidence)}.`]),
    ...(failing === undefined
      ? []
      : [`At ${text(failing.level)} they are missed: ${evidenceText(failing, confidence)}.`]),
    ...doubts(search, text),
    ...(stop === "" ? [] : [stop]),
  ];
}

function doubts(search: LoadSearch, text: (level: number) => string): readonly string[] {
  const { levels, highestPassing: best, lowestFailing: worst, passingAboveFailure, remeasured } = search;
  const undecided = levels.filter(
    ({ level, decision }) =>
      decision === "undecided" && level > (best ?? 0) && level < (worst ?? Number.POSITIVE_INFINITY),
  );
  const sentences = remeasured.map(({ level }) => {
    const now = levels.find((known) => known.level === level)?.decision ?? "not measured again";
    return `${text(level)} failed at first while a higher level passed; measured again: ${now}.`;
  });
  if (undecided.length > 0) {
    sentences.push(`Too close to the target to decide: ${undecided.map(({ level }) => text(level)).join(", ")}.`);
  }
  if (passingAboveFailure.length > 0) {
    sentences.push(
      `Not monotone: ${passingAboveFailure.map(text).join(", ")} passed above a level that failed; the answer stays below the failure.`,
    );
  }
  return sentences;
}

function evidenceText({ objectives, trend, decision }: SearchLevel, confidence: number): string {
  const level = `${(confidence * 100).toFixed(0)} %`;
  const shown = decision === "failed" ? objectives.filter(({ verdict }) => verdict === "missed") : objectives;
  const grows =
    trend?.sustained === "no" ? [`latency grows by ${((trend.growth ?? 0) * 1e3).toFixed(0)} ms every second`] : [];
  return [...shown.map((one) => judgementText(one, level)), ...grows].join("; ");
}

function judgementText(
  { objective, attainment, interval, target, value_ms }: ObjectiveJudgement,
  level: string,
): string {
  const scale = value_ms === null ? 100 : 1;
  const unit = value_ms === null ? "%" : "ms";
  const range =
    interval === null
      ? ""
      : ` (${level} interval ${(interval.lower * scale).toFixed(1)} to ${(interval.upper * scale).toFixed(1)})`;
  const value = `${((value_ms ?? attainment ?? Number.NaN) * scale).toFixed(1)} ${unit}`;
  return target === null
    ? `${objective}: mean ${value}${range}`
    : `${objective}: ${value} conform${range}, target ${(target * 100).toFixed(1)} %`;
}
