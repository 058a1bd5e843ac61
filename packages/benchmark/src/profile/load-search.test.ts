import { describe, expect, test } from "@jest/globals";
import type { LatencyTrend } from "../analysis/latency-trend.js";
import { LoadSearch, type LoadSearchPlan, type Probe, type ProbeMeasurement } from "./load-search.js";

const DEFAULTS: LoadSearchPlan = {
  whole: true,
  initial: 4,
  minimum: 1,
  maximum: 1024,
  tolerance: 0.05,
  targetAttainment: 0.95,
  confidence: 0.95,
  maxStretch: 4,
  maxProbes: 60,
  budgetSeconds: null,
};

function shares(conforming: number, determined: number): ProbeMeasurement["evidence"] {
  return [{ objective: "slo", target: null, share: { conforming, determined, effective: determined } }];
}

/** Runs a search in which a level conforms with the share that `share` says, over `perUnit` requests a length. */
function drive(
  plan: Partial<LoadSearchPlan>,
  share: (level: number, probe: Probe) => number,
  { perUnit = 1000, more = () => ({}) }: { perUnit?: number; more?: (level: number) => Partial<ProbeMeasurement> } = {},
) {
  const search = new LoadSearch({ ...DEFAULTS, ...plan });
  const probes: string[] = [];
  for (let probe = search.next; probe !== null; probe = search.next) {
    const { level, stretch } = probe;
    probes.push(stretch === 1 ? `${level}` : `${level}x${stretch}`);
    const requests = perUnit * stretch;
    search.record({
      level,
      seconds: 10 * stretch,
      evidence: shares(Math.round(share(level, probe) * requests), requests),
      trend: null,
      aborted: false,
      ...more(level),
    });
  }
  return { search, probes };
}

const upTo = (limit: number) => (level: number) => (level <= limit ? 1 : 0.5);

describe("bracketing and bisection", () => {
  test("doubles, bisects, and confirms the answer with a probe of full length", () => {
    const { search, probes } = drive({}, upTo(37));
    expect(probes).toEqual(["4", "8", "16", "32", "64", "48", "40", "36", "38", "37", "37x4"]);
    expect([search.highestPassing, search.lowestFailing, search.stopReason]).toEqual([37, 38, "converged"]);
  });

  test("rates are not whole numbers", () => {
    const { search } = drive({ whole: false, initial: 1, minimum: 0.01 }, upTo(3.3));
    expect(search.highestPassing).toBeGreaterThan(3.3 / 1.05);
    expect(search.highestPassing).toBeLessThanOrEqual(3.3);
    expect(search.lowestFailing).toBeGreaterThan(3.3);
  });

  test.each([
    [{ maximum: 16 }, Number.POSITIVE_INFINITY, 16, "maximum_reached"],
    [{}, 0, null, "unmet_at_minimum"],
    [{ maxProbes: 3 }, 100, 16, "max_probes_exhausted"],
    [{ budgetSeconds: 25 }, 100, 16, "budget_exhausted"],
  ] as const)("%j, limit %d: %p, %s", (plan, limit, best, reason) => {
    const { search } = drive(plan, upTo(limit));
    expect([search.highestPassing, search.stopReason]).toEqual([best, reason]);
  });

  test("a constraint of scope all ends it and its probe is no bound", () => {
    const { search } = drive({}, upTo(100), { more: (level) => ({ aborted: level === 16 }) });
    expect([search.highestPassing, search.lowestFailing, search.stopReason]).toEqual([
      8,
      null,
      "constraint_stopped_search",
    ]);
  });

  test("a backend that allows fewer streams than asked for sets the maximum", () => {
    const { search } = drive({}, upTo(100), { more: (level) => ({ level: Math.min(level, 10) }) });
    expect([search.highestPassing, search.stopReason]).toEqual([10, "maximum_reached"]);
  });
});

describe("decisions on intervals", () => {
  test("a level too close to the target is looked at longer, then left undecided and closed in on from below", () => {
    const { search, probes } = drive({ initial: 16 }, (level) => (level < 40 ? 1 : level > 44 ? 0.5 : 0.951));
    expect(probes).toEqual(expect.arrayContaining(["40", "40x2", "40x4"]));
    expect(search.highestPassing).toBe(39);
    expect(search.levels.filter(({ decision }) => decision === "undecided").map(({ level }) => level)).toContain(40);
  });

  test("looks are taken together: what one look leaves open, all of them decide", () => {
    const { search } = drive({ initial: 8, maximum: 8 }, () => 0.965, { perUnit: 400 });
    expect(search.levels[0]).toMatchObject({ decision: "passed", objectives: [{ determined_requests: 2800 }] });
  });

  test("a probe with too few requests to pass is at once made long enough, and no look is spent on it", () => {
    const { search, probes } = drive({ maximum: 4 }, () => 1, { perUnit: 10 });
    expect(probes[1]).toMatch(/^4x(1\d|2\d)$/);
    expect(search.levels[0]).toMatchObject({ decision: "passed" });
  });

  test("a load whose queue grows fails, whatever its requests still keep", () => {
    const trend: LatencyTrend = { sustained: "no", growth: 0.1, growth_ci: { lower: 0.05, upper: 0.15 } };
    const { search } = drive({}, upTo(1000), { more: (level) => ({ trend: level > 20 ? trend : null }) });
    expect([search.highestPassing, search.lowestFailing]).toEqual([20, 21]);
  });

  test("all objectives must be met", () => {
    const { search } = drive({}, upTo(1000), {
      more: (level) => ({
        evidence: [
          ...shares(1000, 1000),
          {
            objective: "e2el.mean<=1000ms",
            limitMs: 1000,
            meanMs: level * 50 + 20,
            standardErrorMs: 5,
            requests: 1000,
          },
        ],
      }),
    });
    expect([search.highestPassing, search.lowestFailing]).toEqual([19, 20]);
  });

  test("never answers with a level that its interval does not carry, whatever the server does", () => {
    let state = 7;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    for (let run = 0; run < 200; run += 1) {
      const { search } = drive({ maxProbes: 40 }, () => 0.85 + 0.15 * random(), {
        perUnit: 50 + Math.floor(200 * random()),
      });
      const answer = search.levels.find(({ level }) => level === search.highestPassing);
      if (answer === undefined) continue;
      expect(answer.objectives[0]?.interval?.lower).toBeGreaterThanOrEqual(0.95);
      expect(answer.level).toBeLessThan(search.lowestFailing ?? Number.POSITIVE_INFINITY);
    }
  });
});

describe("results that are not monotone", () => {
  test("a failure that does not come again, such as a cold start, is named and taken back", () => {
    let first = true;
    const { search } = drive({ initial: 16 }, (level) => {
      const cold = first && level === 16;
      first = false;
      return cold ? 0.5 : upTo(37)(level);
    });
    expect(search.highestPassing).toBe(37);
    expect(search.remeasured).toMatchObject([{ level: 16, decision: "failed" }]);
  });

  test("a failure below a pass that comes again bounds the answer and is named", () => {
    const { search } = drive({ initial: 16 }, (level) => (level >= 14 && level <= 18 ? 0.5 : upTo(37)(level)));
    expect(search.highestPassing).toBe(13);
    expect(search.lowestFailing).toBe(14);
    expect(search.passingAboveFailure).toEqual([24]);
    expect(search.stopReason).toBe("converged");
  });
});
