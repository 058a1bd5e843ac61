import { coarseStudentQuantile } from "@core/metrics";

/** A straight line through a window of points. */
export interface Trend {
  /** Change of y for each second. */
  readonly slope: number;
  /** Half the width of the slope's confidence interval, relative to the slope. */
  readonly relativeMargin: number;
}

const EPSILON = 1e-12;

/** Points (seconds, value) of which the oldest are given up, by age and by their share of all that were ever seen. */
export class TrendWindow {
  readonly #ratio: number;
  readonly #maxSeconds: number;
  #points: { readonly x: number; readonly y: number }[] = [];
  #first = 0;
  #seen = 0;

  constructor(limits: { readonly ratio: number; readonly maxSeconds: number }) {
    this.#ratio = limits.ratio;
    this.#maxSeconds = limits.maxSeconds;
  }

  /** Number of points in the window. */
  get size(): number {
    return this.#points.length - this.#first;
  }

  /** Points in the window above a value. */
  countAbove(value: number): number {
    let above = 0;
    for (let at = this.#first; at < this.#points.length; at += 1) if ((this.#points[at]?.y ?? 0) > value) above += 1;
    return above;
  }

  /** Adds a point; `x` does not fall from one to the next. */
  add(x: number, y: number): void {
    this.#points.push({ x, y });
    this.#seen += 1;
  }

  /** Gives up the oldest points. */
  prune(nowSeconds: number): void {
    const most = Math.floor(this.#seen * this.#ratio);
    while (this.size > most) this.#first += 1;
    while (this.size > 0 && nowSeconds - (this.#points[this.#first]?.x ?? nowSeconds) > this.#maxSeconds) {
      this.#first += 1;
    }
    if (this.#first < this.#points.length / 2) return;
    this.#points = this.#points.slice(this.#first);
    this.#first = 0;
  }

  /**
   * Least-squares line with a two-sided confidence interval, as GuideLLM computes it.
   *
   * @param effectiveSize - Independent points that the window amounts to; below 3 there is no line.
   */
  trend(effectiveSize: number, confidence: number): Trend | null {
    if (effectiveSize < 3) return null;
    const points = this.#points.slice(this.#first);
    const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
    const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
    let sxx = 0;
    let sxy = 0;
    let syy = 0;
    for (const { x, y } of points) {
      sxx += (x - meanX) ** 2;
      sxy += (x - meanX) * (y - meanY);
      syy += (y - meanY) ** 2;
    }
    sxx = Math.max(sxx, EPSILON);
    const slope = sxy / sxx;
    const degreesOfFreedom = effectiveSize - 2;
    const residual = Math.max(0, syy - sxy ** 2 / sxx);
    const error = Math.sqrt(residual / degreesOfFreedom / sxx);
    const factor =
      confidence >= 1 ? Number.POSITIVE_INFINITY : coarseStudentQuantile(0.5 + confidence / 2, degreesOfFreedom);
    return { slope, relativeMargin: error === 0 ? 0 : (factor * error) / Math.max(slope, EPSILON) };
  }
}
