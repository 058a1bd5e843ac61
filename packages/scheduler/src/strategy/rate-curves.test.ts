import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { PiecewiseRate } from "./piecewise-rate.js";
import { type RampArgs, rampedRate, secondsToShare } from "./ramp.js";
import { type RateSegment, segmentUnits } from "./rate-curve.js";
import { sineSegments } from "./sine-segments.js";

const EXPONENTIAL: RampArgs = { rampup_duration: 10, rampup_shape: "exponential", rampup_start: 0.01 };

describe("ramps", () => {
  test("linear from a share: the integral of the rate at the time found is the number of arrivals", () => {
    const curve = rampedRate(10, { rampup_duration: 4, rampup_start: 0.5 });
    for (const units of [0, 1, 7, 20, 29.9]) {
      const at = curve.secondsAt(units);
      expect(5 * at + ((10 - 5) * at * at) / (2 * 4)).toBeCloseTo(units, 9);
    }
    expect(curve.secondsAt(30)).toBeCloseTo(4, 9);
    expect(curve.secondsAt(40)).toBeCloseTo(5, 9);
  });

  test("exponential: the rate grows by the same factor in every second", () => {
    const curve = rampedRate(100, EXPONENTIAL);
    const rateAt = (units: number) => 0.01 / (curve.secondsAt(units + 0.01) - curve.secondsAt(units));
    const arrivals = (seconds: number) => ((100 * 10) / Math.log(100)) * 0.01 * (100 ** (seconds / 10) - 1);
    for (const seconds of [0, 2, 5, 9]) expect(rateAt(arrivals(seconds))).toBeCloseTo(100 ** (seconds / 10), 0);
    expect(curve.secondsAt(arrivals(10))).toBeCloseTo(10, 9);
    expect(curve.secondsAt(arrivals(10) + 100)).toBeCloseTo(11, 9);
  });

  test("streams: the share that runs grows along the same curve", () => {
    expect(secondsToShare(0.1, EXPONENTIAL)).toBeCloseTo(5, 9);
    expect(secondsToShare(1, EXPONENTIAL)).toBeCloseTo(10, 9);
    expect(secondsToShare(0.005, EXPONENTIAL)).toBe(0);
    expect(secondsToShare(0.75, { rampup_duration: 8, rampup_start: 0.5 })).toBeCloseTo(4, 9);
    expect(secondsToShare(0.5, { rampup_duration: 0 })).toBe(0);
  });

  test("an exponential ramp without a start begins at a hundredth", () => {
    const implied = rampedRate(10, { rampup_duration: 5, rampup_shape: "exponential" });
    const told = rampedRate(10, { rampup_duration: 5, rampup_shape: "exponential", rampup_start: 0.01 });
    expect(implied.secondsAt(3)).toBe(told.secondsAt(3));
  });
});

const ON_OFF: RateSegment[] = [
  { seconds: 1, rate: 10, end_rate: 10 },
  { seconds: 9, rate: 0, end_rate: 0 },
];

describe("piecewise rates", () => {
  test("steps follow each other", () => {
    const curve = new PiecewiseRate(
      [
        { seconds: 10, rate: 1, end_rate: 1 },
        { seconds: 5, rate: 4, end_rate: 4 },
      ],
      false,
    );
    expect([1, 10, 11, 30, 99].map((units) => curve.secondsAt(units))).toEqual([1, 10, 10.25, 15, 15]);
  });

  test("a burst, a pause, the next burst: what ends a burst belongs to it", () => {
    const curve = new PiecewiseRate(ON_OFF, true);
    expect([1, 10, 11, 20, 21].map((units) => curve.secondsAt(units))).toEqual([0.1, 1, 10.1, 11, 20.1]);
  });

  test("a sine has its mean over a period and its crest after a quarter", () => {
    const segments = sineSegments({ rate: 8, amplitude: 0.5, period: 60 });
    expect(segments.reduce((sum, segment) => sum + segmentUnits(segment), 0)).toBeCloseTo(8 * 60, 9);
    expect(Math.max(...segments.map(({ rate }) => rate))).toBeCloseTo(12, 9);
    const curve = new PiecewiseRate(segments, true);
    const arrivals = (seconds: number) =>
      8 * seconds + ((8 * 0.5 * 60) / (2 * Math.PI)) * (1 - Math.cos((2 * Math.PI * seconds) / 60));
    for (const seconds of [3, 15, 31, 59, 60, 125]) expect(curve.secondsAt(arrivals(seconds))).toBeCloseTo(seconds, 1);
  });

  test("time never goes back, and counting at the time found gives the arrivals again", () => {
    const segment = fc.record({
      seconds: fc.double({ min: 0.1, max: 50, noNaN: true }),
      rate: fc.double({ min: 0, max: 100, noNaN: true }),
      end_rate: fc.double({ min: 0, max: 100, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 6 }), fc.boolean(), (segments, repeat) => {
        const total = segments.reduce((sum, one) => sum + segmentUnits(one), 0);
        fc.pre(total > 1);
        const curve = new PiecewiseRate(segments, repeat);
        let before = 0;
        for (let part = 1; part <= 40; part += 1) {
          const units = (part / 40) * total * (repeat ? 3 : 1);
          const at = curve.secondsAt(units);
          expect(at).toBeGreaterThanOrEqual(before);
          expect(Math.abs(countUpTo(segments, at) - units)).toBeLessThan(1e-6 * total + 1e-6);
          before = at;
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Integral of the rate from 0 to `seconds`, repeating, by another way than the code under test. */
function countUpTo(segments: readonly RateSegment[], seconds: number): number {
  const length = segments.reduce((sum, one) => sum + one.seconds, 0);
  const total = segments.reduce((sum, one) => sum + segmentUnits(one), 0);
  const passes = Math.floor(seconds / length + 1e-12);
  let count = passes * total;
  let left = Math.max(0, seconds - passes * length);
  for (const { seconds: long, rate, end_rate } of segments) {
    const part = Math.min(left, long);
    count += rate * part + ((end_rate - rate) * part * part) / (2 * long);
    left -= part;
  }
  return count;
}
