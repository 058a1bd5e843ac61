import { uniformAt } from "@core/scheduler";
import { describe, expect, jest, test } from "@jest/globals";
import { seededNumbers, simulateBatchServer } from "../../test/support/batch-server.js";
import { slotServerBlocks } from "../../test/support/slot-server.js";
import { findKnee } from "./find-knee.js";
import { KNEE_BLOCKS, kneeInterval, type LevelBlocks } from "./knee-interval.js";

const STREAMS = [10, 20, 30, 40, 50, 60, 80];

/** A server of 40 slots, measured at each level for so many seconds. */
function measureSlots(seconds: number, seed: number): readonly LevelBlocks[] {
  const server = {
    slots: 40,
    requestSeconds: 1,
    tokensPerRequest: 4,
    seconds: 2 * seconds,
    random: seededNumbers(seed),
  };
  return STREAMS.map((streams) => ({ streams, blocks: slotServerBlocks({ ...server, streams }, KNEE_BLOCKS) }));
}

/** The batch server, whose curve bends slowly, measured for so many seconds after a fifth of them. */
function measureBatch(seconds: number, seed: number): readonly LevelBlocks[] {
  const from = 0.2 * seconds;
  return [8, 16, 32, 48, 64, 96, 128, 192].map((streams, level) => {
    const blocks = new Array<number>(KNEE_BLOCKS).fill(0);
    const width = seconds / KNEE_BLOCKS;
    for (const { end, outputTokens } of simulateBatchServer({
      streams,
      seconds: from + seconds,
      seed: seed * 100 + level,
    })) {
      const block = Math.floor((end - from) / width);
      if (block >= 0 && block < KNEE_BLOCKS) blocks[block] = (blocks[block] ?? 0) + outputTokens / width;
    }
    return { streams, blocks };
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function trueKnee(levels: readonly LevelBlocks[]): number {
  const { knee } = findKnee(levels.map(({ streams, blocks }) => ({ streams, throughput: mean(blocks ?? []) })));
  if (knee === null) throw new Error("the server has no knee");
  return knee;
}

/** Of seeded measurements: how many intervals hold the knee, and how wide they are on average. */
function coverage(runs: number, measure: (seed: number) => readonly LevelBlocks[], knee: number) {
  const intervals = Array.from({ length: runs }, (_, run) => kneeInterval(measure(run + 1), run).interval);
  const found = intervals.filter((interval) => interval !== null);
  const holding = found.filter(({ lower, upper }) => lower <= knee && knee <= upper);
  return { found: found.length, holding: holding.length, width: mean(found.map(({ lower, upper }) => upper - lower)) };
}

jest.setTimeout(60_000); // hundreds of intervals, beside the tests of other packages

describe("a server of 40 slots", () => {
  test("95 % intervals hold its knee in at least 90 of 100 runs, and four times the time makes them less than half as wide", () => {
    const short = coverage(100, (seed) => measureSlots(20, seed), 40);
    const long = coverage(12, (seed) => measureSlots(80, seed), 40);
    expect(short.found).toBeGreaterThanOrEqual(95);
    expect(short.holding).toBeGreaterThanOrEqual(90);
    expect(long.holding).toBeGreaterThanOrEqual(10);
    expect(long.width / short.width).toBeLessThan(0.5);
  });

  test("each level's throughput has an interval", () => {
    const { levels } = kneeInterval(measureSlots(20, 1), 1);
    expect(levels.map(({ streams }) => streams)).toEqual(STREAMS);
    for (const { streams, throughput, interval } of levels) {
      expect(interval.lower).toBeLessThan(throughput);
      expect(interval.upper).toBeGreaterThan(throughput);
      expect(Math.abs(throughput / (4 * Math.min(streams, 40)) - 1)).toBeLessThan(0.15);
    }
  });
});

test("a batch server, whose curve bends slowly: the intervals hold the knee of the exact curve", () => {
  const knee = trueKnee(measureBatch(2000, 999));
  const { found, holding } = coverage(50, (seed) => measureBatch(30, seed), knee);
  expect(found).toBe(50);
  expect(holding).toBeGreaterThanOrEqual(45);
});

const flat = (streams: number, throughput: number): LevelBlocks => ({
  streams,
  blocks: new Array<number>(KNEE_BLOCKS).fill(throughput),
});

test("without scatter the interval is the knee itself", () => {
  const levels = [10, 20, 30, 30, 30].map((throughput, at) => flat(at + 1, throughput));
  expect(kneeInterval(levels, 1)).toMatchObject({ interval: { lower: 3, upper: 3 }, found_share: 1 });
});

test("without a knee, or with one that most resamples do not have, there is no interval", () => {
  const rising = kneeInterval(
    [1, 2, 4, 8, 16].map((streams) => flat(streams, 10 * streams)),
    1,
  );
  expect(rising).toMatchObject({ interval: null, found_share: 0 });
  expect(rising.levels[2]).toEqual({ streams: 4, throughput: 40, interval: { lower: 40, upper: 40 } });
  const wild = [1, 2, 3, 4, 5].map((streams) => ({
    streams,
    blocks: Array.from({ length: KNEE_BLOCKS }, (_, block) => 100 * uniformAt(streams, block)),
  }));
  expect(kneeInterval(wild, 1).interval).toBeNull();
});

test("levels that were not measured are left out, and nothing at all has no knee", () => {
  const levels = [10, 20, 30, 30, 30].map((throughput, at) => flat(at + 1, throughput));
  const { interval, levels: measured } = kneeInterval([...levels, { streams: 9, blocks: null }], 1);
  expect([interval, measured.length]).toEqual([{ lower: 3, upper: 3 }, 5]);
  expect(kneeInterval([], 1)).toMatchObject({ interval: null, found_share: 0, levels: [] });
});

test("the seed decides", () => {
  const levels = measureSlots(20, 3);
  expect(kneeInterval(levels, 7)).toEqual(kneeInterval(levels, 7));
  expect(kneeInterval(levels, 7).interval).not.toEqual(kneeInterval(levels, 8).interval);
});
