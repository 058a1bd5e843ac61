import { wilsonInterval } from "../confidence-intervals.js";
import type { Interval } from "../distribution-summary.js";

/** Most batches of requests in a row. */
const MOST_BATCHES = 30;
/** Requests in a batch at least; with fewer batches than five the scatter between them says nothing. */
const LEAST_IN_BATCH = 10;
const LEAST_BATCHES = 5;

/** A share of requests, and how many independent requests it is worth. */
export interface ClusteredShare {
  readonly conforming: number;
  readonly determined: number;
  /** At most `determined`: requests of one bad moment fail together and count for less. */
  readonly effective: number;
}

/**
 * Measures how much requests in a row fail together: the scatter of the shares of batches over that of independent
 * requests (the design effect of L. Kish, 1965, with batches in time as clusters).
 *
 * @param verdicts - In the order in which the requests started.
 */
export function clusteredShare(verdicts: readonly boolean[]): ClusteredShare {
  const determined = verdicts.length;
  const conforming = verdicts.filter(Boolean).length;
  const batches = Math.min(MOST_BATCHES, Math.floor(determined / LEAST_IN_BATCH));
  const share = conforming / determined;
  const independent = (share * (1 - share) * batches) / determined;
  if (batches < LEAST_BATCHES || independent === 0) return { conforming, determined, effective: determined };
  const shares = Array.from({ length: batches }, (_, batch) => {
    const part = verdicts.slice(
      Math.floor((batch * determined) / batches),
      Math.floor(((batch + 1) * determined) / batches),
    );
    return part.filter(Boolean).length / part.length;
  });
  const scatter = shares.reduce((sum, value) => sum + (value - share) ** 2, 0) / (batches - 1);
  return { conforming, determined, effective: determined / Math.max(1, scatter / independent) };
}

/** Wilson interval of a share at its effective number of requests; null for no requests. */
export function shareInterval(share: ClusteredShare, confidence: number): Interval | null {
  if (share.determined === 0) return null;
  return wilsonInterval((share.conforming / share.determined) * share.effective, share.effective, confidence);
}

/** Two measurements of one share as one. */
export function poolShares(one: ClusteredShare, other: ClusteredShare): ClusteredShare {
  return {
    conforming: one.conforming + other.conforming,
    determined: one.determined + other.determined,
    effective: one.effective + other.effective,
  };
}
