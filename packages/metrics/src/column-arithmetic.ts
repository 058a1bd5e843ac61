/**
 * Arithmetic on columns, one number per request; `NaN` runs through it. Perf: each function is one small loop, which is
 * compiled once for all columns.
 */

/** `to - from`, in units of so many. */
export function spans(from: Float64Array, to: Float64Array, unit: number): Float64Array {
  const result = new Float64Array(from.length);
  for (let at = 0; at < result.length; at += 1) {
    result[at] = ((to[at] ?? Number.NaN) - (from[at] ?? Number.NaN)) / unit;
  }
  return result;
}

/** Each number divided by one number. */
export function divided(column: Float64Array, divisor: number): Float64Array {
  const result = new Float64Array(column.length);
  for (let at = 0; at < result.length; at += 1) result[at] = (column[at] ?? Number.NaN) / divisor;
  return result;
}

/** Each number divided by another. */
export function quotients(column: Float64Array, divisors: Float64Array): Float64Array {
  const result = new Float64Array(column.length);
  for (let at = 0; at < result.length; at += 1) {
    result[at] = (column[at] ?? Number.NaN) / (divisors[at] ?? Number.NaN);
  }
  return result;
}

/** Each number less `less` where that is greater than 0, else `NaN`: counts and divisors that must not be 0 or negative. */
export function positive(column: Float64Array, less = 0): Float64Array {
  const result = new Float64Array(column.length);
  for (let at = 0; at < result.length; at += 1) {
    const value = (column[at] ?? Number.NaN) - less;
    result[at] = value > 0 ? value : Number.NaN;
  }
  return result;
}

/** The first column, the second where that is undefined. */
export function orElse(first: Float64Array, second: Float64Array): Float64Array {
  const result = new Float64Array(first.length);
  for (let at = 0; at < result.length; at += 1) {
    const value = first[at] ?? Number.NaN;
    result[at] = Number.isNaN(value) ? (second[at] ?? Number.NaN) : value;
  }
  return result;
}

/** Sums; where one side is undefined the other, undefined only where both are. */
export function sumsOfKnown(left: Float64Array, right: Float64Array): Float64Array {
  const result = new Float64Array(left.length);
  for (let at = 0; at < result.length; at += 1) {
    const one = left[at] ?? Number.NaN;
    const other = right[at] ?? Number.NaN;
    if (Number.isNaN(one)) result[at] = other;
    else result[at] = Number.isNaN(other) ? one : one + other;
  }
  return result;
}

/** The numbers with 0 for undefined ones. */
export function zeroFilled(column: Float64Array): Float64Array {
  const result = new Float64Array(column.length);
  for (let at = 0; at < result.length; at += 1) {
    const value = column[at] ?? Number.NaN;
    result[at] = Number.isNaN(value) ? 0 : value;
  }
  return result;
}

/** Sum from the first to the last. */
export function sumOf(column: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < column.length; at += 1) sum += column[at] ?? Number.NaN;
  return sum;
}
