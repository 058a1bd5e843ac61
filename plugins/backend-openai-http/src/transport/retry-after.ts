/** Seconds of a `retry-after` header; NaN for a date, for anything else that is no number, and for more than 30 years. */
export function readRetryAfter(value: string): number {
  return /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
}
