import { describe, expect, test } from "@jest/globals";
import { GoodputSearch, type GoodputSearchPlan, type ProbeScore } from "./goodput-search.js";

const DEFAULTS: GoodputSearchPlan = {
  targetAttainment: 0.95,
  initialStreams: 4,
  maxStreams: 1024,
  tolerance: 0.1,
  maxProbes: 15,
  confidence: 0.95,
};

function drive(plan: Partial<GoodputSearchPlan>, measure: (streams: number) => Partial<ProbeScore>): GoodputSearch {
  const search = new GoodputSearch({ ...DEFAULTS, ...plan });
  for (let streams = search.next; streams !== null; streams = search.next) {
    const score = { streams, conforming: 200, determined: 200, goodput: null, aborted: false, ...measure(streams) };
    search.record(score);
  }
  return search;
}

const upTo = (most: number) => (streams: number) => ({ conforming: streams <= most ? 200 : 100 });

describe("vectors of GuideLLM", () => {
  test.each([
    [37, {}, [4, 8, 16, 32, 64, 48, 40, 36, 38], 36, 38, "converged"],
    [37, { tolerance: 0.01 }, [4, 8, 16, 32, 64, 48, 40, 36, 38, 37], 37, 38, "converged"],
    [37, { tolerance: 1 }, [4, 8, 16, 32, 64], 32, 64, "converged"],
    [37, { initialStreams: 64 }, [64, 32, 48, 40, 36, 38], 36, 38, "converged"],
    [37, { maxProbes: 4 }, [4, 8, 16, 32], 32, null, "max_probes_exhausted"],
    [100, {}, [4, 8, 16, 32, 64, 128, 96, 112, 104], 96, 104, "converged"],
    [10, { initialStreams: 3 }, [3, 6, 12, 9, 10, 11], 10, 11, "converged"],
    [5, {}, [4, 8, 6, 5], 5, 6, "converged"],
    [3, {}, [4, 2, 3], 3, 4, "converged"],
    [1, {}, [4, 2, 1], 1, 2, "converged"],
    [0, {}, [4, 2, 1], null, 1, "objectives_unmet_at_minimum"],
    [Number.POSITIVE_INFINITY, {}, [4, 8, 16, 32, 64, 128, 256, 512, 1024], 1024, null, "max_streams_reached"],
    [40, { maxStreams: 48 }, [4, 8, 16, 32, 48, 40, 44], 40, 44, "converged"],
  ] as const)("passes up to %d, %j", (most, plan, streams, best, worst, reason) => {
    const search = drive(plan, upTo(most));
    expect(search.probes.map((probe) => probe.streams)).toEqual(streams);
    expect([search.bestPassing, search.lowestFailing, search.stopReason]).toEqual([best, worst, reason]);
  });

  test("20 requests at 0.9 decide nothing", () => {
    const search = drive({}, () => ({ conforming: 18, determined: 20 }));
    expect(search.probes.map((probe) => probe.streams)).toEqual([4, 2, 1]);
    expect([search.bestPassing, search.lowestFailing, search.stopReason]).toEqual([
      null,
      1,
      "indeterminate_at_minimum",
    ]);
  });

  test("a constraint that ends the search leaves its probe out of the bounds", () => {
    const search = drive({}, (streams) => ({ aborted: streams === 16 }));
    expect(search.probes.map((probe) => probe.streams)).toEqual([4, 8, 16]);
    expect([search.bestPassing, search.lowestFailing, search.stopReason]).toEqual([
      8,
      null,
      "constraint_stopped_escalation",
    ]);
  });

  test.each([
    [72, false],
    [73, false],
    [74, true],
  ])("%d requests that all conform resolve a pass: %p", (requests, resolved) => {
    const search = drive({ maxProbes: 1 }, () => ({ conforming: requests, determined: requests }));
    expect(search.probes[0]?.resolved).toBe(resolved);
  });
});

test("a backend that allows fewer streams is the end of the search", () => {
  const search = drive({}, (streams) => ({ streams: Math.min(streams, 10) }));
  expect(search.probes.map((probe) => probe.streams)).toEqual([4, 8, 10]);
  expect([search.bestPassing, search.stopReason]).toEqual([10, "max_streams_reached"]);
});
