import { describe, expect, jest, test } from "@jest/globals";
import { evidenceOf } from "../../../test/support/knowing-observer.js";
import { exponential, normal } from "../../../test/support/random-numbers.js";
import { batches, type SimulatedServer, simulateQueue, slots } from "../../../test/support/simulate-queue.js";
import { BacklogDetector } from "./backlog-detector.js";

jest.setTimeout(60_000); // hundreds of runs each, beside the tests of other packages

const RUNS = 100;
const LIMITS = { minSeconds: 10, maxWindowSeconds: 120, minimumWindowSize: 10 };
const STABLE_LOADS = [0.5, 0.7, 0.8, 0.9];
const OVERLOAD = 1.3;
const SOON = 30;

/** Servers that do `capacity` requests a second, each in 2 s. */
const SERVERS: Readonly<Record<string, (capacity: number) => SimulatedServer>> = {
  "equal times": (capacity) => slots({ servers: 2 * capacity, prefill: () => 0.2, decode: () => 1.8 }),
  "times of 2 ± 0.4 s": (capacity) => slots({ servers: 2 * capacity, prefill: () => 0.2, decode: normal(1.8, 0.4) }),
  "exponential times": (capacity) => slots({ servers: 2 * capacity, prefill: () => 0.2, decode: exponential(1.8) }),
  batches: (capacity) => batches(2 * capacity),
};

interface Cell {
  readonly server: string;
  readonly arrivals: "constant" | "poisson";
  readonly capacity: number;
}

/** Seconds of the alerts of 100 runs. */
function alertsOf({ server, arrivals, capacity }: Cell, load: number, seconds: number): readonly number[] {
  const scenario = {
    rate: load * capacity,
    arrivals,
    seconds,
    server: (SERVERS[server] as (typeof SERVERS)[string])(capacity),
  };
  return Array.from({ length: RUNS }, (_, run) => {
    const detector = new BacklogDetector(LIMITS);
    return simulateQueue(scenario, run + 1).find((sample) => detector.add(sample))?.seconds ?? null;
  }).filter((alert) => alert !== null);
}

const CELLS = Object.keys(SERVERS).flatMap((server) =>
  (["constant", "poisson"] as const).flatMap((arrivals) =>
    [1, 4, 16, 100].map((capacity): Cell => ({ server, arrivals, capacity })),
  ),
);

test.each(CELLS)("$server, $arrivals arrivals, $capacity/s: 400 stable runs give no false alarm", (cell) => {
  const seconds = cell.capacity === 100 ? 60 : 200; // evidence comes with requests, not with seconds
  const alarms = STABLE_LOADS.map((load) => alertsOf(cell, load, seconds).length);
  expect(alarms).toEqual(STABLE_LOADS.map(() => 0));
});

describe("1.3 times the capacity is found within 30 s", () => {
  /** In at least so many of 100 runs. At 4/s a run may have no queue by then, or the times leave too much to chance. */
  const LEAST: Readonly<Record<string, number>> = {
    "times of 2 ± 0.4 s, poisson, 4/s": 95,
    "batches, poisson, 4/s": 90,
    "exponential times, constant, 4/s": 45,
    "exponential times, poisson, 4/s": 45,
  };

  test.each(CELLS.filter(({ capacity }) => capacity >= 4))("$server, $arrivals arrivals, $capacity/s", (cell) => {
    const alerts = alertsOf(cell, OVERLOAD, 120);
    const least = LEAST[`${cell.server}, ${cell.arrivals}, ${cell.capacity}/s`] ?? RUNS;
    expect(alerts).toHaveLength(RUNS);
    expect(alerts.filter((alert) => alert <= SOON).length).toBeGreaterThanOrEqual(least);
  });
});

test.each([
  ["poisson", 4, 0.9, 69],
  ["constant", 4, 0.9, 84],
  ["poisson", 4, 0.8, 94],
  ["poisson", 16, 0.9, 100],
] as const)(
  "exponential times, %s arrivals, %d/s, silent up to a load of %d: who knows everything finds %d of 100 within 30 s",
  (arrivals, capacity, light, most) => {
    const run = { servers: 2 * capacity, capacity, arrivals };
    const evidence = (load: number, seconds: number, seed: number) =>
      evidenceOf({ ...run, load, seconds }, { light, heavy: OVERLOAD }, seed);
    const silent = Math.max(
      ...Array.from({ length: RUNS }, (_, seed) => evidence(light, 200, seed + 1).at(-1)?.height ?? 0),
    );
    const found = Array.from({ length: RUNS }, (_, seed) => evidence(OVERLOAD, SOON, 1001 + seed).at(-1)?.height ?? 0);
    expect(found.filter((height) => height > silent)).toHaveLength(most);
  },
);
