import { type RateCurve, secondsInSegment, segmentUnits } from "./rate-curve.js";

/** How a load grows to its full size. */
export const RAMP_SHAPES = ["linear", "exponential"] as const;

/** Share of the full load at which an exponential ramp starts: it cannot start from nothing. */
const EXPONENTIAL_START = 0.01;

/** A ramp as it is configured; fields left out are linear, from nothing. */
export interface RampArgs {
  /** Seconds over which the load grows; 0 is no ramp. */
  readonly rampup_duration: number;
  readonly rampup_shape?: (typeof RAMP_SHAPES)[number];
  /** Share of the full load at which the ramp starts, in (0, 1); null is nothing for linear, 0.01 for exponential. */
  readonly rampup_start?: number | null;
}

/** Rate that grows over a ramp and then stays at `rate`. */
export function rampedRate(rate: number, ramp: RampArgs): RateCurve {
  const seconds = ramp.rampup_duration;
  if (seconds === 0) return { secondsAt: (units) => units / rate };
  const start = startOf(ramp);
  const inRamp =
    ramp.rampup_shape === "exponential" ? exponentialRamp(rate, seconds, start) : linearRamp(rate, seconds, start);
  return {
    secondsAt: (units) => (units <= inRamp.units ? inRamp.secondsAt(units) : seconds + (units - inRamp.units) / rate),
  };
}

/**
 * When a share of the full load has been reached, in seconds after the start.
 *
 * @param share - From 0 to 1.
 */
export function secondsToShare(share: number, ramp: RampArgs): number {
  const start = startOf(ramp);
  if (share <= start) return 0;
  const progress =
    ramp.rampup_shape === "exponential" ? 1 - Math.log(share) / Math.log(start) : (share - start) / (1 - start);
  return ramp.rampup_duration * progress;
}

interface RampCurve extends RateCurve {
  /** Arrivals inside the ramp. */
  readonly units: number;
}

function linearRamp(rate: number, seconds: number, start: number): RampCurve {
  const segment = { seconds, rate: rate * start, end_rate: rate };
  return { units: segmentUnits(segment), secondsAt: (units) => secondsInSegment(segment, units) };
}

/** Rate `rate·start^(1 − t/seconds)`: it grows by the same factor in every second. */
function exponentialRamp(rate: number, seconds: number, start: number): RampCurve {
  const growth = -Math.log(start);
  const perGrowth = (rate * seconds) / growth;
  return {
    units: perGrowth * (1 - start),
    secondsAt: (units) => (seconds / growth) * Math.log1p(units / (perGrowth * start)),
  };
}

function startOf({ rampup_shape, rampup_start }: RampArgs): number {
  return rampup_start ?? (rampup_shape === "exponential" ? EXPONENTIAL_START : 0);
}
