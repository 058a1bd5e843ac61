import { existsSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createFakeClock } from "@core/backend";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { CollectionMeter } from "./collection-meter.js";
import { ReadLagProbe } from "./read-lag-probe.js";
import { RunQueueMeter } from "./run-queue-meter.js";

afterEach(() => {
  jest.useRealTimers();
});

const whereTold = existsSync("/proc/thread-self/schedstat") ? test : test.skip;

whereTold("waits for a core are read, and only grow", () => {
  const meter = RunQueueMeter.open();
  const before = meter?.read();
  const after = meter?.read();
  meter?.close();
  expect(before?.waitNs).toBeGreaterThanOrEqual(0);
  expect(before?.turns).toBeGreaterThan(0);
  expect(after?.waitNs).toBeGreaterThanOrEqual(before?.waitNs ?? Number.NaN);
  expect(after?.turns).toBeGreaterThanOrEqual(before?.turns ?? Number.NaN);
});

test("pauses for garbage are counted", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const meter = new CollectionMeter();
  collect();
  await nextTurn(); // entries are handed over in a later turn
  const { count, totalNs, maxNs } = meter.finish();
  expect(count).toBeGreaterThanOrEqual(1);
  expect(maxNs).toBeGreaterThan(0);
  expect(totalNs).toBeGreaterThanOrEqual(maxNs);
});

describe("probes", () => {
  test("come about forty a second, not in an even beat, and end when told", () => {
    jest.useFakeTimers();
    const clock = createFakeClock(0);
    const sent: number[] = [];
    const probe = new ReadLagProbe(clock, (sentNs) => sent.push(sentNs));
    probe.start();
    for (let ms = 0; ms < 10_000; ms += 1) {
      clock.advanceNs(1e6);
      jest.advanceTimersByTime(1);
    }
    probe.stop();
    jest.advanceTimersByTime(1000);
    const gaps = sent.slice(1).map((at, index) => (at - (sent[index] ?? at)) / 1e6);
    expect(sent.length).toBeGreaterThan(350);
    expect(sent.length).toBeLessThan(450);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(14);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(36);
    expect(new Set(gaps).size).toBeGreaterThan(10);
  });
});
