/** The one clock of a run. */
export interface Clock {
  /** Monotonic nanoseconds since the run's epoch; the same instant in every thread. Exact to 1 ns for 104 days. */
  nowNs(): number;
}

const CALIBRATION_ROUNDS = 20;

/**
 * Clock on `process.hrtime` (CLOCK_MONOTONIC), read through `performance.now()`, which costs no allocation. The offset
 * between the two is measured when the clock is made (error well below 1 µs) and stays constant, as both tick from the
 * same source.
 *
 * @param epochNs - `process.hrtime.bigint()` at the run's start, the same value in every thread.
 */
export function createClock(epochNs: bigint): Clock {
  const offsetNs = calibrate(epochNs);
  return { nowNs: () => performance.now() * 1e6 + offsetNs };
}

/** Nanoseconds to add to `performance.now() * 1e6`; the round with the least delay between readings wins. */
function calibrate(epochNs: bigint): number {
  let best = { spanNs: Number.POSITIVE_INFINITY, offsetNs: 0 };
  for (let round = 0; round < CALIBRATION_ROUNDS; round += 1) {
    const before = process.hrtime.bigint();
    const middleMs = performance.now();
    const after = process.hrtime.bigint();
    const spanNs = Number(after - before);
    if (spanNs < best.spanNs) best = { spanNs, offsetNs: Number(before - epochNs) + spanNs / 2 - middleMs * 1e6 };
  }
  return best.offsetNs;
}

/** A clock for tests that moves only when told to. */
export interface FakeClock extends Clock {
  /** Moves forward. */
  advanceNs(durationNs: number): void;
}

/** Creates a clock for tests, at `startNs` until it is advanced. */
export function createFakeClock(startNs = 0): FakeClock {
  let nowNs = startNs;
  return {
    nowNs: () => nowNs,
    advanceNs: (durationNs) => {
      if (!(durationNs >= 0)) throw new RangeError(`a clock cannot be advanced by ${durationNs} ns`);
      nowNs += durationNs;
    },
  };
}
