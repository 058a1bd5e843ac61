import { pick } from "./pick.js";
import { sortIndicesByValue } from "./radix-sort.js";

/** Values in ascending order with their weights; `weights` null means weight 1 for each. */
export interface Sample {
  readonly values: Float64Array;
  readonly weights: Float64Array | null;
}

/**
 * Sorts values together with their weights. The inputs are not modified.
 *
 * @param values - Finite numbers.
 * @param weights - Same length, or null.
 */
export function sortSample(values: Float64Array, weights: Float64Array | null): Sample {
  if (weights === null) {
    return { values: values.slice().sort(), weights: null };
  }
  const order = sortIndicesByValue(values);
  return { values: pick(values, order), weights: pick(weights, order) };
}

/** Merges two samples in linear time. When one is empty the other is returned as it is. */
export function mergeSamples(left: Sample, right: Sample): Sample {
  if (left.values.length === 0) {
    return right;
  }
  if (right.values.length === 0) {
    return left;
  }
  const length = left.values.length + right.values.length;
  const values = new Float64Array(length);
  const weights = left.weights === null && right.weights === null ? null : new Float64Array(length);
  let leftAt = 0;
  let rightAt = 0;
  for (let at = 0; at < length; at += 1) {
    const leftValue = left.values[leftAt] ?? Number.POSITIVE_INFINITY;
    const takeLeft = leftAt < left.values.length && leftValue <= (right.values[rightAt] ?? Number.POSITIVE_INFINITY);
    const from = takeLeft ? left : right;
    const position = takeLeft ? leftAt : rightAt;
    values[at] = from.values[position] ?? 0;
    if (weights !== null) {
      weights[at] = from.weights === null ? 1 : (from.weights[position] ?? 0);
    }
    if (takeLeft) {
      leftAt += 1;
    } else {
      rightAt += 1;
    }
  }
  return { values, weights };
}
