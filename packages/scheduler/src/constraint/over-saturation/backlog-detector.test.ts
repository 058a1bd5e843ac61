import { describe, expect, jest, test } from "@jest/globals";
import { exponential, normal } from "../../../test/support/random-numbers.js";
import { type QueueScenario, simulateQueue, slots } from "../../../test/support/simulate-queue.js";
import type { RunObservation } from "../constraint.js";
import { BacklogDetector } from "./backlog-detector.js";
import { SlopeDetector } from "./slope-detector.js";

jest.setTimeout(60_000); // a hundred runs each, beside the tests of other packages

const LIMITS = { minSeconds: 10, maxWindowSeconds: 120, minimumWindowSize: 10 };
const RUNS = 100;
const MANY = Number.POSITIVE_INFINITY;

/** 32 slots of 2 s each: 16 requests per second. */
const SLOTS = { servers: 32, prefill: () => 0.2, decode: normal(1.8, 0.4) };
const SERVER = slots(SLOTS);

function alertOf(scenario: QueueScenario, seed: number): number | null {
  const detector = new BacklogDetector(LIMITS);
  return simulateQueue(scenario, seed).find((sample) => detector.add(sample))?.seconds ?? null;
}

function alertsOf(scenario: QueueScenario): readonly number[] {
  const alerts = Array.from({ length: RUNS }, (_, seed) => alertOf(scenario, seed + 1));
  return alerts.filter((alert) => alert !== null).sort((one, other) => one - other);
}

describe("100 stable runs of 200 s give no false alarm", () => {
  test.each<[string, Omit<QueueScenario, "seconds">]>([
    [
      "first tokens after 3 s, above GuideLLM's limit",
      { rate: 4, arrivals: "poisson", server: slots({ servers: MANY, prefill: normal(3, 0.3), decode: normal(5, 1) }) },
    ],
    [
      "requests of 40 s fill the server for 40 s",
      {
        rate: 10,
        arrivals: "poisson",
        server: slots({ servers: MANY, prefill: normal(0.3, 0.05), decode: normal(40, 4) }),
      },
    ],
    [
      "the same without streaming",
      {
        rate: 10,
        arrivals: "poisson",
        server: slots({ servers: MANY, prefill: () => 0.3, decode: normal(40, 4), streams: false }),
      },
    ],
    [
      "first tokens after 8 s, evenly spaced arrivals",
      {
        rate: 10,
        arrivals: "constant",
        server: slots({ servers: MANY, prefill: normal(8, 1), decode: normal(10, 1) }),
      },
    ],
    [
      "first tokens of very different times",
      {
        rate: 10,
        arrivals: "poisson",
        server: slots({ servers: MANY, prefill: exponential(5), decode: normal(10, 1) }),
      },
    ],
    ["80 % of capacity", { rate: 12.8, arrivals: "poisson", server: SERVER }],
    ["95 % of capacity", { rate: 15.2, arrivals: "poisson", server: SERVER }],
    [
      "one server of wildly different times at 80 %",
      { rate: 8, arrivals: "poisson", server: slots({ servers: 1, prefill: () => 0.001, decode: exponential(0.1) }) },
    ],
    [
      "two requests a minute",
      {
        rate: 1 / 30,
        arrivals: "poisson",
        server: slots({ servers: MANY, prefill: normal(1, 0.3), decode: normal(5, 1) }),
      },
    ],
    [
      "a rate that rises for 100 s",
      {
        rate: 20,
        arrivals: "poisson",
        rampSeconds: 100,
        server: slots({ servers: MANY, prefill: normal(1, 0.3), decode: normal(5, 1) }),
      },
    ],
  ])("%s", (_name, scenario) => {
    expect(alertsOf({ ...scenario, seconds: 200 })).toEqual([]);
  });
});

describe("100 overloaded runs are all found", () => {
  test.each<[string, number, QueueScenario]>([
    ["1.3 times the capacity", 30, { server: SERVER, rate: 20.8, arrivals: "poisson", seconds: 120 }],
    ["1.3 times 32/s", 20, { server: slots({ ...SLOTS, servers: 64 }), rate: 41.6, arrivals: "poisson", seconds: 120 }],
    [
      "1.3 times 4/s, evenly spaced",
      30,
      { server: slots({ ...SLOTS, servers: 8 }), rate: 5.2, arrivals: "constant", seconds: 120 },
    ],
    ["twice the capacity", 20, { server: SERVER, rate: 32, arrivals: "poisson", seconds: 120 }],
    [
      "twice the capacity, without streaming",
      40,
      { server: slots({ ...SLOTS, streams: false }), rate: 32, arrivals: "poisson", seconds: 120 },
    ],
    ["1.1 times the capacity", 300, { server: SERVER, rate: 17.6, arrivals: "poisson", seconds: 300 }],
  ])("%s within %d s", (_name, within, scenario) => {
    const alerts = alertsOf(scenario);
    expect(alerts).toHaveLength(RUNS);
    expect(alerts.at(-1)).toBeLessThanOrEqual(within);
  });
});

test("the test of GuideLLM alarms on stable runs whose first tokens take longer than its limit", () => {
  const scenario: QueueScenario = {
    rate: 4,
    arrivals: "poisson",
    server: slots({ servers: MANY, prefill: normal(3, 0.3), decode: normal(5, 1), streams: false }),
    seconds: 300,
  };
  const alarmed = Array.from({ length: 20 }, (_, seed) => {
    const detector = new SlopeDetector({
      minSeconds: 30,
      maxWindowSeconds: 120,
      moeThreshold: 2,
      minimumTtft: 2.5,
      maximumWindowRatio: 0.75,
      minimumWindowSize: 5,
      confidence: 0.95,
    });
    return simulateQueue(scenario, seed + 1).some(({ seconds, waiting }) => {
      detector.addConcurrency(seconds, waiting);
      return detector.decide(seconds);
    });
  });
  expect(alarmed.filter(Boolean).length).toBeGreaterThanOrEqual(5);
});

test("in a closed loop there is nothing to see", () => {
  const detector = new BacklogDetector(LIMITS);
  const observation = (seconds: number): RunObservation => ({
    counts: { created: 20 * seconds, processed: 0, errored: 0, startNs: 0, nowNs: seconds * 1e9 },
    openLoop: false,
    expected: null,
    inFlight: 10 * seconds,
    waiting: 10 * seconds,
    ended: [],
    firstTokens: [],
  });
  const alarms = Array.from({ length: 60 }, (_, second) => detector.observe(observation(second + 1)));
  expect(alarms).not.toContain(true);
  expect(detector.figures).toMatchObject({ applies: false, waiting_requests: null });
});
