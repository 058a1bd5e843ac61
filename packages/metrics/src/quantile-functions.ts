import { MetricsError } from "./errors.js";
import { incompleteBeta } from "./incomplete-beta.js";

const LARGE_DEGREES_OF_FREEDOM = 1e7;
const A = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
];
const B = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1,
];
const C = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const D = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];
const TAIL = 0.02425;

/**
 * Quantile of the standard normal distribution (P. J. Acklam's rational approximation, relative error 1.2e-9).
 *
 * @throws {MetricsError} CORE_METRICS_PROBABILITY when `probability` is not inside (0, 1).
 */
export function normalQuantile(probability: number): number {
  checkProbability(probability);
  if (probability < TAIL) {
    const root = Math.sqrt(-2 * Math.log(probability));
    return polynomial(C, root) / polynomial(D, root);
  }
  if (probability > 1 - TAIL) {
    return -normalQuantile(1 - probability);
  }
  const centred = probability - 0.5;
  const square = centred * centred;
  return (centred * polynomial(A, square)) / polynomial(B, square);
}

/**
 * Quantile of Student's t distribution by bisection on the incomplete beta function.
 *
 * @param degreesOfFreedom - > 0; from 1e7 on the normal quantile is returned.
 * @throws {MetricsError} CORE_METRICS_PROBABILITY when `probability` is not inside (0, 1) or `degreesOfFreedom` is not > 0.
 */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  checkProbability(probability);
  if (!(degreesOfFreedom > 0)) {
    throw new MetricsError(`Degrees of freedom must be > 0, got ${degreesOfFreedom}.`, {
      code: "CORE_METRICS_PROBABILITY",
    });
  }
  if (probability === 0.5) {
    return 0;
  }
  if (degreesOfFreedom >= LARGE_DEGREES_OF_FREEDOM) {
    return normalQuantile(probability);
  }
  if (probability < 0.5) {
    return -studentQuantile(1 - probability, degreesOfFreedom);
  }
  let low = 0;
  let high = Math.max(Math.abs(normalQuantile(probability)), 1);
  while (studentDistribution(high, degreesOfFreedom) < probability) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < 200 && high - low >= 1e-12 * Math.max(1, high); step += 1) {
    const middle = (low + high) / 2;
    if (studentDistribution(middle, degreesOfFreedom) < probability) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return (low + high) / 2;
}

/**
 * Coarse normal quantile (Abramowitz and Stegun 26.2.23, absolute error 4.5e-4). GuideLLM's Wilson interval uses it, and
 * ours keeps it so that attainment intervals of both tools agree to the last digit shown.
 */
export function coarseNormalQuantile(probability: number): number {
  checkProbability(probability);
  if (probability < 0.5) {
    return -coarseNormalQuantile(1 - probability);
  }
  const root = Math.sqrt(-2 * Math.log(1 - probability));
  const numerator = 2.515517 + root * (0.802853 + root * 0.010328);
  const denominator = 1 + root * (1.432788 + root * (0.189269 + root * 0.001308));
  return root - numerator / denominator;
}

/**
 * Coarse quantile of Student's t: the coarse normal quantile z with two Cornish-Fisher terms as GuideLLM has them
 * (5 z^4 + 16 z^3 + 3 z^2 in place of the published 5 z^5 + 16 z^3 + 3 z), so that its test of saturation decides alike.
 *
 * @param degreesOfFreedom - > 0, else NaN.
 */
export function coarseStudentQuantile(probability: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom > 0)) return Number.NaN;
  const z = coarseNormalQuantile(probability);
  const first = (z ** 3 + z) / (4 * degreesOfFreedom);
  return z + first + (5 * z ** 4 + 16 * z ** 3 + 3 * z ** 2) / (96 * degreesOfFreedom ** 2);
}

/** Distribution function of Student's t for `value` >= 0. */
function studentDistribution(value: number, degreesOfFreedom: number): number {
  return 1 - 0.5 * incompleteBeta(degreesOfFreedom / (degreesOfFreedom + value * value), degreesOfFreedom / 2, 0.5);
}

function polynomial(coefficients: readonly number[], at: number): number {
  return coefficients.reduce((sum, coefficient) => sum * at + coefficient, 0);
}

function checkProbability(probability: number): void {
  if (!(probability > 0 && probability < 1)) {
    throw new MetricsError(`A probability inside (0, 1) is needed, got ${probability}.`, {
      code: "CORE_METRICS_PROBABILITY",
    });
  }
}
