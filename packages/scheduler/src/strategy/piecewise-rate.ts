import { type RateCurve, type RateSegment, secondsInSegment, segmentUnits } from "./rate-curve.js";

/** A rate given by segments, once or over and over. */
export class PiecewiseRate implements RateCurve {
  readonly #segments: readonly RateSegment[];
  readonly #repeat: boolean;
  /** Arrivals up to the end of each segment. */
  readonly #unitsUpTo: readonly number[];
  /** Seconds up to the start of each segment, and the end of the last. */
  readonly #secondsUpTo: readonly number[];

  /** @param segments - At least one of them with a rate > 0. */
  constructor(segments: readonly RateSegment[], repeat: boolean) {
    this.#segments = segments;
    this.#repeat = repeat;
    this.#unitsUpTo = runningSums(segments.map(segmentUnits)).slice(1);
    this.#secondsUpTo = runningSums(segments.map(({ seconds }) => seconds));
  }

  /** Length of one pass, in seconds. */
  get seconds(): number {
    return this.#secondsUpTo.at(-1) ?? 0;
  }

  /** Arrivals past the end of segments that do not repeat come at the end. */
  secondsAt(units: number): number {
    const perPass = this.#unitsUpTo.at(-1) ?? 0;
    // An arrival at the very end of a pass belongs to it, not to a pause with which the next one may begin.
    const pass = this.#repeat ? Math.max(0, Math.ceil(units / perPass) - 1) : 0;
    const rest = Math.min(perPass, Math.max(0, units - pass * perPass));
    return pass * this.seconds + this.#secondsInPass(rest);
  }

  #secondsInPass(units: number): number {
    const at = firstAtLeast(this.#unitsUpTo, units);
    const segment = this.#segments[at];
    if (segment === undefined) return this.seconds;
    const before = at === 0 ? 0 : (this.#unitsUpTo[at - 1] ?? 0);
    return (this.#secondsUpTo[at] ?? 0) + secondsInSegment(segment, units - before);
  }
}

function runningSums(values: readonly number[]): readonly number[] {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return sums;
}

/** Position of the first of ascending `values` that is at least `wanted`. */
function firstAtLeast(values: readonly number[], wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) >= wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}
