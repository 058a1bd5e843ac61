import { type Interval, normalQuantile, studentQuantile } from "@core/metrics";
import { uniformAt } from "@core/scheduler";
import { findKnee } from "./find-knee.js";

/** One measured level. */
export interface LevelBlocks {
  readonly streams: number;
  /** Tokens per second in equal parts of the measurement, in their order; null when it was not measured. */
  readonly blocks: readonly number[] | null;
}

/** How sure a knee is, under the keys of the report. */
export interface KneeInterval {
  readonly confidence: number;
  /** Of the knee, in streams; null when less than 90 % of the resamples have one. */
  readonly interval: Interval | null;
  /** Share of the resamples that have a knee. */
  readonly found_share: number;
  readonly resamples: number;
  /** Mean throughput of each measured level, tokens per second, with its interval. */
  readonly levels: readonly { readonly streams: number; readonly throughput: number; readonly interval: Interval }[];
}

/** Parts of a level's measurement that the interval is made from. */
export const KNEE_BLOCKS = 40;
/** Parts in a row that are drawn together, so that what lasts for some requests stays together. */
const RUN = 5;
const RESAMPLES = 1000;
const CONFIDENCE = 0.95;
const LEAST_FOUND = 0.9;

/**
 * Interval of the knee of {@link findKnee} by resampling: the throughput of each level is drawn a thousand times from runs of
 * neighbouring parts of its measurement, ends joined to a circle (Politis and Romano 1992), the knee is found each time,
 * and the middle 95 % of the knees are the interval. Few runs make too narrow an interval; distances from the mean are
 * stretched by √(n/(n − 1)) and by Student's t over the normal quantile, n = 8 runs.
 *
 * It tells of the scatter within the measurement alone: not of the distance between levels, nor of curves that are no two lines.
 *
 * @param seed - The same seed and levels give the same interval.
 */
export function kneeInterval(levels: readonly LevelBlocks[], seed: number): KneeInterval {
  const measured = levels.flatMap(({ streams, blocks }) => (blocks === null ? [] : [{ streams, blocks }]));
  const means = measured.map(({ blocks }) => mean(blocks));
  const drawn = measured.map(({ blocks }, level) => drawMeans(blocks, seed, level));
  const knees: number[] = [];
  for (let resample = 0; resample < RESAMPLES; resample += 1) {
    const { knee } = findKnee(
      measured.map(({ streams }, level) => ({ streams, throughput: drawn[level]?.[resample] ?? null })),
    );
    if (knee !== null) knees.push(knee);
  }
  const found_share = knees.length / RESAMPLES;
  return {
    confidence: CONFIDENCE,
    interval: found_share < LEAST_FOUND ? null : middle(knees),
    found_share,
    resamples: RESAMPLES,
    levels: measured.map(({ streams }, level) => ({
      streams,
      throughput: means[level] ?? Number.NaN,
      interval: middle(drawn[level] ?? []),
    })),
  };
}

/** Means of resamples of one level. */
function drawMeans(blocks: readonly number[], seed: number, level: number): readonly number[] {
  const runs = Math.max(2, Math.floor(blocks.length / RUN));
  const tail = (1 + CONFIDENCE) / 2;
  const stretch = Math.sqrt(runs / (runs - 1)) * (studentQuantile(tail, runs - 1) / normalQuantile(tail));
  const sums = circularSums(blocks);
  const own = mean(blocks);
  return Array.from({ length: RESAMPLES }, (_, resample) => {
    let total = 0;
    let digits = uniformAt(seed, resample, level + 1); // 52 bits: eight places among forty take 43
    for (let run = 0; run < runs; run += 1) {
      const at = Math.floor(digits * blocks.length);
      digits = digits * blocks.length - at;
      total += sums[at] ?? 0;
    }
    return own + stretch * (total / (runs * RUN) - own);
  });
}

/** Sum of the run that begins at each part. */
function circularSums(blocks: readonly number[]): readonly number[] {
  return blocks.map((_, from) => {
    let sum = 0;
    for (let at = from; at < from + RUN; at += 1) sum += blocks[at % blocks.length] ?? 0;
    return sum;
  });
}

/** Between the quantiles that leave half of what is not trusted on each side; values of an even distance to both ends. */
function middle(values: readonly number[]): Interval {
  const sorted = [...values].sort((one, other) => one - other);
  const outside = Math.floor(((1 - CONFIDENCE) / 2) * sorted.length);
  return { lower: sorted[outside] ?? Number.NaN, upper: sorted[sorted.length - 1 - outside] ?? Number.NaN };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
