import { uniformAt } from "./philox.js";

/** Exponential gap of mean 1 before the arrival `index`: a Poisson process. */
export function exponentialGap(seed: number, index: number): number {
  return -Math.log(uniformAt(seed, index));
}

/**
 * Gamma gap of mean 1 before the arrival `index`, shape `burstiness`: coefficient of variation `1 / sqrt(burstiness)`, the
 * definition of vLLM's serving benchmark. 1 is exactly the exponential gap of the same seed. Method: G. Marsaglia and W.
 * W. Tsang, "A simple method for generating gamma variables" (2000); the draws that it rejects are numbered, so that the
 * gap is a function of (seed, index) alone.
 *
 * @param burstiness - > 0; below 1 burstier than Poisson, above 1 smoother.
 */
export function gammaGap(burstiness: number, seed: number, index: number): number {
  if (burstiness === 1) return exponentialGap(seed, index);
  // Shapes below 1 from the shape above, with one more uniform number.
  const boost = burstiness < 1 ? uniformAt(seed, index) ** (1 / burstiness) : 1;
  const third = (burstiness < 1 ? burstiness + 1 : burstiness) - 1 / 3;
  const scale = 1 / Math.sqrt(9 * third);
  for (let draw = 1; ; draw += 3) {
    const normal = normalAt(seed, index, draw);
    const cube = (1 + scale * normal) ** 3;
    if (cube <= 0) continue;
    const accepted =
      Math.log(uniformAt(seed, index, draw + 2)) < 0.5 * normal * normal + third * (1 - cube + Math.log(cube));
    if (accepted) return (third * cube * boost) / burstiness;
  }
}

/** Standard normal number from the draws `draw` and `draw + 1` (G. E. P. Box, M. E. Muller, 1958). */
function normalAt(seed: number, index: number, draw: number): number {
  const radius = Math.sqrt(-2 * Math.log(uniformAt(seed, index, draw)));
  return radius * Math.cos(2 * Math.PI * uniformAt(seed, index, draw + 1));
}
