import type { RateCurve } from "./rate-curve.js";

const HALVINGS = 60;

/**
 * Arrivals that a curve has produced by an instant: its inverse, by bisection.
 *
 * @param seconds - After the start; not later than the end of a curve that has one.
 */
export function expectedArrivals(curve: RateCurve, seconds: number): number {
  if (seconds <= 0) return 0;
  let [low, high] = [0, 1];
  for (let doublings = 0; doublings < HALVINGS && curve.secondsAt(high) < seconds; doublings += 1) high *= 2;
  for (let halvings = 0; halvings < HALVINGS; halvings += 1) {
    const middle = (low + high) / 2;
    if (curve.secondsAt(middle) < seconds) low = middle;
    else high = middle;
  }
  return high;
}
