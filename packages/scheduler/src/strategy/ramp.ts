/**
 * Time at which a rate that grows linearly from 0 to `rate` over `rampSeconds`, and then stays, has produced `units`
 * arrivals: the inverse of its integral, `sqrt(2·units·ramp/rate)` inside the ramp and `ramp + (units − rate·ramp/2)/rate`
 * after it.
 *
 * @param units - Arrivals so far, ≥ 0, not necessarily whole.
 * @param rate - Arrivals per second after the ramp, > 0.
 * @param rampSeconds - ≥ 0; 0 is no ramp.
 */
export function rampedSeconds(units: number, rate: number, rampSeconds: number): number {
  if (rampSeconds === 0) return units / rate;
  const unitsInRamp = (rate * rampSeconds) / 2;
  if (units <= unitsInRamp) return Math.sqrt((2 * units * rampSeconds) / rate);
  return rampSeconds + (units - unitsInRamp) / rate;
}
