import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import "./register.js";
import type { ClosedSchedule, OpenSchedule } from "./schedule.js";
import { createSchedule } from "./strategies.js";
import { peakRate, type StrategyArgs, strategyLabel } from "./strategy-args.js";

const paced = { max_concurrency: null, rampup_duration: 0 };

function openSeconds(strategy: StrategyArgs, count: number): number[] {
  const schedule = createSchedule(strategy) as OpenSchedule;
  return Array.from({ length: count }, (_, index) => schedule.startOffsetNs(index) / 1e9);
}

function closedSeconds(strategy: StrategyArgs, streams: number): number[] {
  const schedule = createSchedule(strategy) as ClosedSchedule;
  return Array.from({ length: streams }, (_, stream) => schedule.streamOffsetNs(stream, streams) / 1e9);
}

function expectClose(actual: readonly number[], expected: readonly number[], digits = 4): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, at) => {
    expect(actual[at]).toBeCloseTo(value, digits);
  });
}

describe("constant", () => {
  test("the first request comes one gap after the start", () => {
    expectClose(openSeconds({ type_: "constant", rate: 10, ...paced }, 4), [0.1, 0.2, 0.3, 0.4], 9);
  });

  test.each([
    [10, 2, [0, 0.8944, 1.0954, 1.2649, Math.SQRT2, 1.5492, 1.6733, 1.7889, 1.8974, 2, 2.1, 2.2, 2.3]],
    [10, 1, [0, 0.6325, 0.7746, 0.8944, 1, 1.1, 1.2, 1.3]],
    [100, 0.01, [0, 0.025, 0.035]],
  ])("rate %d with a ramp of %d s", (rate, rampup_duration, expected) => {
    expectClose(
      openSeconds({ type_: "constant", rate, max_concurrency: null, rampup_duration }, expected.length),
      expected,
    );
  });

  test("a long ramp ends exactly at its length", () => {
    const seconds = openSeconds({ type_: "constant", rate: 1, max_concurrency: null, rampup_duration: 100 }, 51);
    expectClose(
      [0, 1, 2, 48, 49, 50].map((at) => seconds[at] ?? Number.NaN),
      [0, 20, 24.495, 98.995, 100, 101],
      3,
    );
  });
});

describe("closed loops", () => {
  test("concurrent streams start evenly over the ramp", () => {
    expectClose(closedSeconds({ type_: "concurrent", streams: 4, rampup_duration: 2 }, 4), [0, 0.5, 1, 1.5], 9);
  });

  test("all twenty streams keep their place in the ramp", () => {
    const seconds = closedSeconds({ type_: "concurrent", streams: 20, rampup_duration: 2 }, 20);
    expectClose(seconds.slice(9, 12), [0.9, 1, 1.1], 9);
  });

  test("throughput with a cap of 5 and a ramp of 1 s", () => {
    const strategy: StrategyArgs = { type_: "throughput", max_concurrency: 5, rampup_duration: 1 };
    expectClose(closedSeconds(strategy, 5), [0.2, 0.4, 0.6, 0.8, 1], 9);
  });

  test("synchronous is one stream that starts at once", () => {
    expect((createSchedule({ type_: "synchronous" }) as ClosedSchedule).streams).toBe(1);
    expect(closedSeconds({ type_: "synchronous" }, 1)).toEqual([0]);
  });
});

describe("poisson", () => {
  const strategy: StrategyArgs = {
    type_: "poisson",
    rate: 60,
    max_concurrency: null,
    random_seed: 42,
    rampup_duration: 0,
  };

  test.each([42, 1, 7, -3, 2 ** 40])("10,000 arrivals of seed %d are Poisson", (random_seed) => {
    const seconds = openSeconds({ ...strategy, random_seed }, 10_000);
    const last = seconds.at(-1) ?? 0;
    const bins = new Array<number>(Math.floor(last / 0.5)).fill(0);
    for (const at of seconds) {
      const bin = Math.floor(at / 0.5);
      if (bin < bins.length) bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const mean = bins.reduce((sum, count) => sum + count, 0) / bins.length;
    const variance = bins.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (bins.length - 1);
    expect(variance / mean).toBeGreaterThan(0.8);
    expect(variance / mean).toBeLessThan(1.2);
    expect(10_000 / last).toBeGreaterThan(60 * 0.97);
    expect(10_000 / last).toBeLessThan(60 * 1.03);
    expect(new Set(seconds).size).toBe(10_000);
  });

  test("the union of the slices of any number of workers is the single schedule", () => {
    const whole = openSeconds(strategy, 400);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), (workers) => {
        const union = new Array<number>(400);
        for (let worker = 0; worker < workers; worker += 1) {
          const own = createSchedule(strategy) as OpenSchedule;
          for (let index = worker; index < 400; index += workers) union[index] = own.startOffsetNs(index) / 1e9;
        }
        expect(union).toEqual(whole);
      }),
      { numRuns: 12 },
    );
  });

  test("a ramp thins the beginning and leaves the rate", () => {
    const seconds = openSeconds({ ...strategy, rampup_duration: 20 }, 3000);
    expect(seconds.filter((at) => at < 10).length / 150).toBeCloseTo(1, 0);
    expect(seconds.filter((at) => at >= 20 && at < 40).length / 1200).toBeCloseTo(1, 1);
  });
});

const varying = { burstiness: 0.5, max_concurrency: null, random_seed: 42 };
const SHAPES: readonly StrategyArgs[] = [
  { type_: "gamma", rate: 20, ...varying, rampup_duration: 3, rampup_shape: "exponential" },
  {
    type_: "steps",
    segments: [
      { seconds: 2, rate: 5, end_rate: 40 },
      { seconds: 3, rate: 0, end_rate: 0 },
    ],
    repeat: true,
    arrivals: "gamma",
    ...varying,
  },
  { type_: "sine", rate: 30, amplitude: 1, period: 7, arrivals: "poisson", ...varying },
];

test.each(SHAPES.map((shape) => [shape.type_, shape] as const))(
  "%s: every number of workers sees one schedule, and it never goes back",
  (_name, shape) => {
    const whole = openSeconds(shape, 300);
    whole.slice(1).forEach((at, before) => {
      expect(at).toBeGreaterThanOrEqual(whole[before] ?? Number.NaN);
    });
    for (const workers of [2, 3, 7]) {
      for (let worker = 0; worker < workers; worker += 1) {
        const own = createSchedule(shape) as OpenSchedule;
        for (let index = worker; index < 300; index += workers) {
          expect(own.startOffsetNs(index) / 1e9).toBe(whole[index]);
        }
      }
    }
  },
);

test("steps that do not repeat end the benchmark, all other shapes go on", () => {
  const steps = SHAPES[1] as StrategyArgs & { type_: "steps" };
  expect((createSchedule({ ...steps, repeat: false }) as OpenSchedule).durationSeconds).toBe(5);
  for (const shape of SHAPES) expect((createSchedule(shape) as OpenSchedule).durationSeconds).toBeNull();
});

test("a recorded schedule is played as it was, and ends with its last request", () => {
  const offsets = [0, 0.25, 0.25, 1.5, 1.6];
  const recorded: StrategyArgs = { type_: "recorded", offsets, max_concurrency: null };
  expectClose(openSeconds(recorded, 5), offsets, 9);
  expect(createSchedule(recorded)).toMatchObject({ requests: 5, durationSeconds: null });
  expect([strategyLabel(recorded), peakRate(recorded)]).toEqual(["recorded@5", 3]);
});

test("start times never descend", () => {
  const rate = fc.double({ min: 0.01, max: 5000, noNaN: true });
  const rampup_duration = fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 100, noNaN: true }));
  fc.assert(
    fc.property(rate, rampup_duration, fc.integer(), fc.boolean(), (rate, rampup_duration, random_seed, constant) => {
      const paced = { rate, max_concurrency: null, rampup_duration };
      const strategy: StrategyArgs = constant
        ? { type_: "constant", ...paced }
        : { type_: "poisson", ...paced, random_seed };
      const seconds = openSeconds(strategy, 60);
      seconds.slice(1).forEach((at, before) => {
        expect(at).toBeGreaterThanOrEqual(seconds[before] ?? Number.NaN);
      });
    }),
    { numRuns: 50 },
  );
});

test.each([
  [{ type_: "concurrent", streams: 0, rampup_duration: 0 }, "streams"],
  [{ type_: "concurrent", streams: -1, rampup_duration: 0 }, "streams"],
  [{ type_: "throughput", max_concurrency: 0, rampup_duration: 0 }, "max_concurrency"],
  [{ type_: "throughput", max_concurrency: -1, rampup_duration: 0 }, "max_concurrency"],
  [{ type_: "constant", rate: 0, ...paced }, "rate"],
  [{ type_: "constant", rate: -1, ...paced }, "rate"],
  [{ type_: "constant", rate: Number.NaN, ...paced }, "rate"],
  [{ type_: "constant", rate: 1, max_concurrency: null, rampup_duration: -1 }, "rampup_duration"],
  [{ type_: "poisson", rate: 1, ...paced, random_seed: 0.5 }, "random_seed"],
  [{ type_: "gamma", rate: 1, ...paced, random_seed: 1, burstiness: 0 }, "burstiness"],
  [{ type_: "concurrent", streams: 1, rampup_duration: 1, rampup_start: 1 }, "rampup_start"],
  [{ type_: "sine", rate: 1, amplitude: 1.1, period: 1, arrivals: "constant", ...varying }, "amplitude"],
  [{ type_: "recorded", offsets: [1, 0], max_concurrency: null }, "offsets"],
  [{ type_: "recorded", offsets: [], max_concurrency: null }, "offsets"],
  [{ type_: "steps", segments: [], repeat: false, arrivals: "constant", ...varying }, "segments"],
] as const)("%j is refused, naming %s", (strategy, field) => {
  expect(() => createSchedule(strategy)).toThrow(field);
});

test("labels are those of GuideLLM", () => {
  expect(strategyLabel({ type_: "synchronous" })).toBe("synchronous");
  expect(strategyLabel({ type_: "concurrent", streams: 4, rampup_duration: 0 })).toBe("concurrent@4");
  expect(strategyLabel({ type_: "throughput", max_concurrency: null, rampup_duration: 0 })).toBe(
    "throughput@unlimited",
  );
  expect(strategyLabel({ type_: "throughput", max_concurrency: 8, rampup_duration: 0 })).toBe("throughput@8");
  expect(strategyLabel({ type_: "constant", rate: 4, ...paced })).toBe("constant@4.00");
  expect(strategyLabel({ type_: "poisson", rate: 0.5, ...paced, random_seed: 1 })).toBe("poisson@0.50");
  expect(SHAPES.map(strategyLabel)).toEqual(["gamma@20.00", "steps@40.00", "sine@30.00"]);
});
