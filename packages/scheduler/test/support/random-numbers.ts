/** Perf: in the sandbox of a test each look at a global is a call; there are millions here. */
const { sqrt, log, cos, imul, max, PI } = Math;

/** A number in [0, 1), the next one of a seeded sequence. */
export type Random = () => number;

/** Seeded random numbers (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Normally distributed, at least 10 ms. */
export function normal(mean: number, deviation: number): (random: Random) => number {
  return (random) => {
    const radius = sqrt(-2 * log(1 - random()));
    return max(0.01, mean + deviation * radius * cos(2 * PI * random()));
  };
}

/** Exponentially distributed. */
export function exponential(mean: number): (random: Random) => number {
  return (random) => -mean * log(1 - random());
}
