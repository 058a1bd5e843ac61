import { studentQuantile } from "@core/metrics";
import { answeredOf, type BacklogSample, owedOf } from "./backlog-sample.js";

/** Chance of a false alarm of one look. There are some hundreds in a run, most of them nearly the same. */
const ONE_LOOK = 5e-5;
/** A server that has a queue and keeps up answers more than arrives; this share more is what falling behind is held against. */
const LEAST_SURPLUS = 0.05;
/** Seconds over which sums are taken for their variance: servers that answer in bursts look random from second to second. */
const BLOCKS = [1, 2, 4] as const;
/** Fewest blocks in a window. */
const LEAST_BLOCKS = 4;
/** Variance of the answers, as a share of that of random arrivals, that is assumed at least; and in requests squared. */
const LEAST_VARIANCE = { share: 0.1, requests: 4 };

/** What a window says about the server. */
export interface Shortfall {
  /** Share of what the load asked for that was not answered. */
  readonly share: number;
  /** Student's t of answers that fall short of 1.05 times what was asked for. */
  readonly t: number;
  /** What `t` must reach. */
  readonly needed: number;
}

/**
 * Whether fewer requests are answered than the load asks for, by Student's t test. Against the mean rate of the load,
 * which is known, and not against what really arrived: in a queue the answers come at the server's own pace, so that
 * random arrivals add no noise. The variance of a sum of answers is estimated from overlapping blocks of 1, 2 and 4
 * seconds; the block that says most counts.
 *
 * @param samples - Once a second, up to now.
 * @param from - Index of the sample at which the window begins; at least three before the last.
 */
export function testShortfall(samples: readonly BacklogSample[], from: number): Shortfall {
  const to = samples.length - 1;
  const [first, last] = [samples[from], samples[to]];
  if (first === undefined || last === undefined) return { share: 0, t: 0, needed: Number.POSITIVE_INFINITY };
  const seconds = to - from;
  const expected = last.expected - first.expected;
  const missing = expected - (answeredOf(last) - answeredOf(first));
  const least = Math.max(LEAST_VARIANCE.share * expected, LEAST_VARIANCE.requests);
  let best = { t: 0, needed: Number.POSITIVE_INFINITY };
  for (const block of BLOCKS) {
    if (seconds < LEAST_BLOCKS * block) break;
    const variance = Math.max(least, varianceOfSum(samples, from, block));
    const t = (missing + LEAST_SURPLUS * expected) / Math.sqrt(variance);
    const needed = quantile(block === 1 ? seconds - 1 : (1.5 * seconds) / block - 1);
    if (t - needed > best.t - best.needed) best = { t, needed };
  }
  return { share: expected === 0 ? 0 : missing / expected, ...best };
}

/**
 * Variance of what the window adds to the debt, from the sums of overlapping blocks: their mean squared distance from
 * the mean, over the share of it that the mean does not take (Meketon and Schmeiser 1984: overlapping batch means).
 */
function varianceOfSum(samples: readonly BacklogSample[], from: number, block: number): number {
  const to = samples.length - 1;
  const seconds = to - from;
  const owed = (at: number): number => owedOf(samples[at] as BacklogSample);
  const mean = ((owed(to) - owed(from)) * block) / seconds;
  let squares = 0;
  for (let at = from; at + block <= to; at += 1) squares += (owed(at + block) - owed(at) - mean) ** 2;
  return (squares * seconds) / (block * (seconds - block + 1) * (1 - block / seconds));
}

const quantiles = new Map<number, number>();

/** Kept by half degrees of freedom. */
function quantile(degreesOfFreedom: number): number {
  const key = Math.round(2 * degreesOfFreedom);
  const known = quantiles.get(key);
  if (known !== undefined) return known;
  const value = studentQuantile(1 - ONE_LOOK, key / 2);
  quantiles.set(key, value);
  return value;
}
