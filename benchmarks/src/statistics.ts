/** Value at quantile `q` of the numbers, nearest rank; NaN when there are none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
}

/** Middle of the numbers; NaN when there are none. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);
