import type { DistributionSummary, Interval } from "@core/metrics";

/** What stands for a number that does not exist. */
export const NO_VALUE = "--";

/** A number with three significant digits at most, at least `decimals` decimals below 100. */
export function numberText(value: number | null | undefined, decimals = 1): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_VALUE;
  return value.toFixed(decimals);
}

/** Decimals that show the size of values in one column: small ones more. */
export function decimalsFor(values: readonly (number | null | undefined)[]): number {
  const known = values.filter((value): value is number => typeof value === "number" && value > 0);
  const least = known.length === 0 ? 1 : Math.min(...known);
  if (least >= 10) return 1;
  return least >= 1 ? 2 : 3;
}

/** A mean with the half width of its confidence interval, `50.2 ± 0.3`. */
export function meanText({ mean, mean_ci }: DistributionSummary, decimals: number): string {
  const half = halfWidth(mean_ci);
  return half === null ? numberText(mean, decimals) : `${numberText(mean, decimals)} ± ${marginText(half, decimals)}`;
}

/** A margin gets up to three more decimals until it does not read as zero. */
function marginText(half: number, decimals: number): string {
  for (let more = 0; more < 3; more += 1) {
    const text = half.toFixed(decimals + more);
    if (Number(text) !== 0 || half === 0) return text;
  }
  return half.toFixed(decimals + 3);
}

function halfWidth(interval: Interval | null): number | null {
  return interval === null ? null : (interval.upper - interval.lower) / 2;
}

/** A percentile, with a star when the sample is too small to bound it. */
export function percentileText(
  summary: DistributionSummary,
  name: keyof DistributionSummary["percentiles"],
  decimals: number,
): string {
  const text = numberText(summary.percentiles[name], decimals);
  const unbounded = summary.percentile_cis !== null && summary.percentile_cis[name] === null;
  return unbounded && text !== NO_VALUE ? `${text}*` : text;
}
