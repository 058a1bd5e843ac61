/** How the rate of arrivals changes with time, as the inverse of its integral. */
export interface RateCurve {
  /**
   * When the curve has produced `units` arrivals, in seconds after the start; not descending in `units`.
   *
   * @param units - Arrivals so far, ≥ 0, not necessarily whole.
   */
  secondsAt(units: number): number;
}

/** A piece of a curve: the rate goes straight from one value to another. */
export interface RateSegment {
  /** Length, > 0. */
  readonly seconds: number;
  /** Arrivals per second at the beginning, ≥ 0. */
  readonly rate: number;
  /** Arrivals per second at the end, ≥ 0. */
  readonly end_rate: number;
}

/** Arrivals of a whole segment. */
export function segmentUnits({ seconds, rate, end_rate }: RateSegment): number {
  return ((rate + end_rate) / 2) * seconds;
}

/**
 * Seconds into a segment at which it has produced `units` arrivals: the root of `rate·t + (end_rate − rate)·t²/(2·seconds)`,
 * in the form that does not cancel.
 *
 * @param units - From 0 to {@link segmentUnits}.
 */
export function secondsInSegment({ seconds, rate, end_rate }: RateSegment, units: number): number {
  if (units <= 0) return 0;
  const root = Math.sqrt(Math.max(0, rate * rate + (2 * (end_rate - rate) * units) / seconds));
  return Math.min(seconds, (2 * units) / (rate + root));
}
