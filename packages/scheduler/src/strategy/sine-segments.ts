import type { RateSegment } from "./rate-curve.js";

/** Straight pieces per period; the rate is then off by at most 0.05 % of the amplitude. */
const PIECES = 96;

/** One period of `mean·(1 + amplitude·sin(2πt/period))`, from the mean upwards, as straight pieces. */
export function sineSegments(wave: {
  readonly rate: number;
  /** Share of the mean, in [0, 1]. */
  readonly amplitude: number;
  readonly period: number;
}): readonly RateSegment[] {
  const rateAt = (piece: number) => wave.rate * (1 + wave.amplitude * Math.sin((2 * Math.PI * piece) / PIECES));
  return Array.from({ length: PIECES }, (_, piece) => ({
    seconds: wave.period / PIECES,
    rate: Math.max(0, rateAt(piece)),
    end_rate: Math.max(0, rateAt(piece + 1)),
  }));
}
