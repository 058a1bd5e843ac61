import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { wilsonInterval } from "../confidence-intervals.js";
import { clusteredShare, poolShares, shareInterval } from "./clustered-share.js";

/** Uniform numbers in [0, 1) from a linear congruential generator: repeatable, and good enough for coin tosses. */
function coins(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("a share of correlated requests", () => {
  test("independent requests are worth about what they are", () => {
    const toss = coins(1);
    const worth = Array.from({ length: 200 }, () => {
      const share = clusteredShare(Array.from({ length: 600 }, () => toss() < 0.9));
      return share.effective / share.determined;
    });
    const mean = worth.reduce((sum, value) => sum + value, 0) / worth.length;
    expect(mean).toBeGreaterThan(0.8);
    expect(mean).toBeLessThanOrEqual(1);
  });

  test("requests that fail twenty at a time are worth a twentieth", () => {
    const toss = coins(2);
    const worth = Array.from({ length: 200 }, () => {
      const verdicts: boolean[] = [];
      while (verdicts.length < 3000) verdicts.push(...new Array<boolean>(20).fill(toss() < 0.9));
      return clusteredShare(verdicts).effective / 3000;
    });
    const mean = worth.reduce((sum, value) => sum + value, 0) / worth.length;
    expect(mean).toBeGreaterThan(1 / 30);
    expect(mean).toBeLessThan(1 / 14);
  });

  test("the interval covers the true share in at least 93 of 100 runs of clustered requests", () => {
    const toss = coins(3);
    let covered = 0;
    for (let run = 0; run < 400; run += 1) {
      const verdicts: boolean[] = [];
      while (verdicts.length < 2000) verdicts.push(...new Array<boolean>(10).fill(toss() < 0.9));
      const interval = shareInterval(clusteredShare(verdicts), 0.95);
      if (interval !== null && interval.lower <= 0.9 && interval.upper >= 0.9) covered += 1;
    }
    expect(covered / 400).toBeGreaterThanOrEqual(0.93);
  });

  test("never worth more than counted; without scatter exactly Wilson", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 400 }), (verdicts) => {
        const share = clusteredShare(verdicts);
        expect(share.effective).toBeLessThanOrEqual(share.determined);
        expect(share.conforming).toBe(verdicts.filter(Boolean).length);
      }),
    );
    const all = clusteredShare(new Array<boolean>(100).fill(true));
    expect(shareInterval(all, 0.95)).toEqual(wilsonInterval(100, 100, 0.95));
    expect(shareInterval(clusteredShare([]), 0.95)).toBeNull();
  });

  test("two measurements add up", () => {
    const pooled = poolShares(clusteredShare([true, false]), clusteredShare([true]));
    expect(pooled).toEqual({ conforming: 2, determined: 3, effective: 3 });
  });
});
