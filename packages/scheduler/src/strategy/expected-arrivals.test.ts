import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { expectedArrivals } from "./expected-arrivals.js";
import { PiecewiseRate } from "./piecewise-rate.js";
import { rampedRate } from "./ramp.js";
import type { RateCurve } from "./rate-curve.js";
import "./register.js";
import { createSchedule } from "./strategies.js";
import type { StrategyArgs } from "./strategy-args.js";

const positive = (max: number) => fc.double({ min: 0.01, max, noNaN: true });
const curve: fc.Arbitrary<RateCurve> = fc.oneof(
  fc
    .record({ rate: positive(1e4), seconds: positive(100) })
    .map(({ rate, seconds }) => rampedRate(rate, { rampup_duration: seconds })),
  positive(1e4).map((rate) => rampedRate(rate, { rampup_duration: 10, rampup_shape: "exponential" })),
  fc
    .array(fc.record({ seconds: positive(10), rate: positive(50), end_rate: positive(50) }), { minLength: 1 })
    .map((segments) => new PiecewiseRate(segments, true)),
);

test("it is the inverse of the curve", () => {
  fc.assert(
    fc.property(curve, positive(1e5), (rates, units) => {
      expect(expectedArrivals(rates, rates.secondsAt(units)) / units).toBeCloseTo(1, 6);
    }),
  );
});

test("a ramp of 10 s to 20/s, a constant rate, a pause", () => {
  expect(expectedArrivals(rampedRate(20, { rampup_duration: 10 }), 5)).toBeCloseTo(25, 9);
  expect(expectedArrivals(rampedRate(20, { rampup_duration: 10 }), 12)).toBeCloseTo(140, 9);
  expect(expectedArrivals(rampedRate(4, { rampup_duration: 0 }), 0)).toBe(0);
  const pause = new PiecewiseRate(
    [
      { seconds: 2, rate: 5, end_rate: 5 },
      { seconds: 3, rate: 0, end_rate: 0 },
    ],
    true,
  );
  expect(expectedArrivals(pause, 4)).toBeCloseTo(10, 9);
  expect(expectedArrivals(pause, 6)).toBeCloseTo(15, 9);
});

const POISSON: StrategyArgs = { type_: "poisson", rate: 5, max_concurrency: null, rampup_duration: 0, random_seed: 1 };
const varying = { arrivals: "poisson", burstiness: 1, max_concurrency: null, random_seed: 1 } as const;

test.each<[string, StrategyArgs, number | null]>([
  ["random arrivals", POISSON, 50],
  ["a constant rate", { type_: "constant", rate: 5, max_concurrency: null, rampup_duration: 4 }, 40],
  ["gamma gaps", { ...POISSON, type_: "gamma", burstiness: 0.5 }, 50],
  ["a sine", { type_: "sine", rate: 5, amplitude: 0.5, period: 10, ...varying }, 50],
  [
    "steps that are over",
    { type_: "steps", segments: [{ seconds: 6, rate: 5, end_rate: 5 }], repeat: false, ...varying },
    30,
  ],
  ["instants that may move", { ...POISSON, when_behind: "catch_up" }, null],
  ["instants that start conversations", { ...POISSON, rate_unit: "conversation" }, null],
  ["recorded instants", { type_: "recorded", offsets: [1, 2], max_concurrency: null }, null],
])("a schedule knows what it asks for in 10 s: %s", (_name, strategy, expected) => {
  const schedule = createSchedule(strategy);
  if (schedule.mode !== "open") throw new Error("not an open loop");
  const known = schedule.expectedRequests?.(10) ?? null;
  if (expected === null) expect(known).toBeNull();
  else expect(known).toBeCloseTo(expected, 3);
});
