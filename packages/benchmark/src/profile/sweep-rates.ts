/**
 * Request rates between the closed-loop and the saturated rate of a sweep: `sweepSize - 1` equally spaced points from
 * `synchronousRate` to `throughputRate` inclusive, without the first (it is already measured). Points that are not
 * positive end the list, as in GuideLLM.
 *
 * @param sweepSize - Number of steps in the whole sweep, at least 2.
 */
export function computeSweepRates(
  synchronousRate: number,
  throughputRate: number,
  sweepSize: number,
): readonly number[] {
  const rates: number[] = [];
  const intervals = sweepSize - 2;
  for (let index = 1; index <= intervals; index += 1) {
    const rate = synchronousRate + ((throughputRate - synchronousRate) * index) / intervals;
    if (!(rate > 0)) break;
    rates.push(rate);
  }
  return rates;
}
