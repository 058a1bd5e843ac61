/** A least-squares line. */
export interface LineFit {
  readonly slope: number;
  readonly intercept: number;
  /** Sum of squared distances of the points from the line. */
  readonly squaredError: number;
}

/** Fits a line through points; at least two different `x`. */
export function fitLine(x: readonly number[], y: readonly number[]): LineFit {
  const count = x.length;
  const meanX = sum(x) / count;
  const meanY = sum(y) / count;
  let xx = 0;
  let xy = 0;
  for (const [at, value] of x.entries()) {
    xx += (value - meanX) ** 2;
    xy += (value - meanX) * ((y[at] ?? Number.NaN) - meanY);
  }
  const slope = xy / xx;
  const intercept = meanY - slope * meanX;
  const squaredError = sum(x.map((value, at) => ((y[at] ?? Number.NaN) - (intercept + slope * value)) ** 2));
  return { slope, intercept, squaredError };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
