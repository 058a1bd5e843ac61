import { clusteredShare } from "@core/metrics";
import type { StrategyArgs } from "@core/scheduler";
import { expect } from "@jest/globals";
import { latencyTrend } from "../../src/analysis/latency-trend.js";
import type { SearchLevel } from "../../src/profile/load-search.js";
import { profiles } from "../../src/profile/profiles.js";
import "../../src/profile/register.js";
import { type SimulatedRequest, simulateBatchServer } from "./batch-server.js";
import { outcomeOf } from "./outcomes.js";

const RUNS = 100;
const WARMUP = 0.2;
/** Share of requests that must conform. */
const TARGET = 0.95;
/** Virtual seconds in which a share is found that stands for the truth. */
const TRUTH_SECONDS = 3000;

/** What is searched on the simulated server. */
export interface Searched {
  readonly load: "streams" | "rate";
  readonly objective: string;
  readonly conforms: (request: SimulatedRequest) => boolean;
  /** Virtual seconds of a first probe. */
  readonly probeSeconds: number;
}

/** What a load measures: the verdict on each request after the warmup, and how long all took. */
function measure({ load, conforms }: Searched, level: number, { seconds, seed }: { seconds: number; seed: number }) {
  const sent = load === "streams" ? { streams: level } : { rate: level };
  const requests = simulateBatchServer({ ...sent, seconds, seed });
  const measured = requests.filter(({ end }) => end >= WARMUP * seconds && end <= seconds);
  const inOrder = measured.sort((left, right) => left.intended - right.intended);
  return { share: clusteredShare(inOrder.map(conforms)), requests };
}

/** Level at which the share of conforming requests crosses its target, by bisection over long runs. */
function trueKnee(searched: Searched): number {
  let low = 8;
  let high = 64;
  for (let step = 0; high - low > (searched.load === "streams" ? 1 : 0.2); step += 1) {
    const middle = searched.load === "streams" ? Math.floor((low + high) / 2) : (low + high) / 2;
    const { share } = measure(searched, middle, { seconds: TRUTH_SECONDS, seed: 1_000_003 + step });
    if (share.conforming / share.determined >= TARGET) low = middle;
    else high = middle;
  }
  return searched.load === "streams" ? low : (low + high) / 2;
}

/** The answer of a search, as far as tests look at it. */
export interface Answer {
  readonly highest_passing: number | null;
  readonly levels: readonly SearchLevel[];
}

/** Searches on servers whose every random number follows from the seed. */
function searchSeeded(searched: Searched): readonly Answer[] {
  return Array.from({ length: RUNS }, (_, run) => search(searched, run + 1));
}

function search(searched: Searched, seed: number): Answer {
  const args = profiles.parseArgs({ kind: "search", load: searched.load, initial: 4 });
  const profile = profiles.create(args, { seed });
  const steps = profile.steps();
  for (let next = steps.next(), probe = 0; next.done !== true; probe += 1) {
    const { strategy, stretch = 1 } = next.value;
    const length = searched.probeSeconds * stretch;
    const { share, requests } = measure(searched, levelOf(strategy), { seconds: length, seed: seed * 1000 + probe });
    const timed = requests.map(({ intended, end }) => ({ intended, latency: end - intended }));
    next = steps.next(
      outcomeOf(strategy, {
        evidence: [{ objective: searched.objective, target: TARGET, share }],
        trend: searched.load === "rate" ? latencyTrend(timed) : null,
        seconds: length,
      }),
    );
  }
  return profile.conclusion() as unknown as Answer;
}

function levelOf(strategy: StrategyArgs): number {
  if (strategy.type_ === "concurrent") return strategy.streams;
  return "rate" in strategy ? strategy.rate : Number.NaN;
}

/** A hundred seeded searches: at least 95 near the true limit, and no level reported whose interval misses the target. */
export function expectSearches(searched: Searched): void {
  const knee = trueKnee(searched);
  const found = searchSeeded(searched);
  const near = found.filter(({ highest_passing: level }) => level !== null && Math.abs(level / knee - 1) <= 0.05);
  expect(near.length).toBeGreaterThanOrEqual(95);
  for (const { highest_passing, levels } of found) {
    const reported = levels.find(({ level }) => level === highest_passing);
    expect(reported?.decision).toBe("passed");
    for (const { interval } of reported?.objectives ?? []) expect(interval?.lower).toBeGreaterThanOrEqual(TARGET);
  }
}
