import { describe, expect, test } from "@jest/globals";
import { latencyTrend, type TimedRequest } from "./latency-trend.js";

/** A first-come-first-served server: requests every `1/rate` seconds, service of `1/capacity` with some scatter. */
function queue(rate: number, capacity: number, seconds: number): TimedRequest[] {
  let free = 0;
  return Array.from({ length: Math.floor(rate * seconds) }, (_, at) => {
    const intended = at / rate;
    free = Math.max(free, intended) + (1 + 0.3 * Math.sin(at * 12.9898)) / capacity;
    return { intended, latency: free - intended };
  });
}

describe("latencyTrend", () => {
  test("below the capacity latency does not grow", () => {
    expect(latencyTrend(queue(9, 10, 60))).toMatchObject({ sustained: "yes", growth: expect.closeTo(0, 2) });
  });

  test("above it, it grows by rate over capacity less one", () => {
    const trend = latencyTrend(queue(12, 10, 60));
    expect(trend.sustained).toBe("no");
    expect(trend.growth).toBeCloseTo(0.2, 2);
    expect(trend.growth_ci?.lower).toBeLessThanOrEqual(trend.growth ?? 0);
  });

  test("what happens in the first half does not count: the server fills up there", () => {
    const filling = queue(9, 10, 60).map((request) => ({
      ...request,
      latency: request.latency + 3 * Math.min(1, request.intended / 20),
    }));
    expect(latencyTrend(filling).sustained).toBe("yes");
  });

  test.each([[[]], [queue(1, 10, 10)]])("too few requests say nothing", (requests) => {
    expect(latencyTrend(requests)).toEqual({ sustained: "unclear", growth: null, growth_ci: null });
  });
});
