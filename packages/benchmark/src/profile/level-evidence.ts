import {
  type ClusteredShare,
  type Interval,
  judgeShare,
  type ObjectiveVerdict,
  poolShares,
  shareInterval,
  studentQuantile,
} from "@core/metrics";

/** How the requests of a step did against one objective, so that several steps of one load can be taken together. */
export type ObjectiveEvidence = ShareEvidence | MeanEvidence;

/** A share of requests that keep a limit. */
export interface ShareEvidence {
  readonly objective: string;
  /** Share that must; null asks the profile. */
  readonly target: number | null;
  readonly share: ClusteredShare;
}

/** A mean that keeps a limit. */
export interface MeanEvidence {
  readonly objective: string;
  readonly limitMs: number;
  readonly meanMs: number;
  /** Null for too few requests. */
  readonly standardErrorMs: number | null;
  readonly requests: number;
}

/** What all steps of one load say about one objective, under the keys of the report. */
export interface ObjectiveJudgement {
  readonly objective: string;
  readonly verdict: ObjectiveVerdict;
  readonly target: number | null;
  readonly determined_requests: number;
  readonly effective_requests: number;
  /** Share that conforms; null for a mean. */
  readonly attainment: number | null;
  /** Mean, ms; null for a share. */
  readonly value_ms: number | null;
  /** Of the share or the mean. */
  readonly interval: Interval | null;
}

/** Degrees of freedom of a mean's error: batches of one step, fewer than there ever are. */
const MEAN_FREEDOM = 20;

/** Takes the evidence of two steps of the same load together. */
export function poolEvidence(one: ObjectiveEvidence, other: ObjectiveEvidence): ObjectiveEvidence {
  if ("share" in one && "share" in other) return { ...one, share: poolShares(one.share, other.share) };
  if ("share" in one || "share" in other) throw new Error(`The objective ${one.objective} changed its form.`);
  const requests = one.requests + other.requests;
  const own = one.requests / requests;
  return {
    ...one,
    requests,
    meanMs: own * one.meanMs + (1 - own) * other.meanMs,
    standardErrorMs:
      one.standardErrorMs === null || other.standardErrorMs === null
        ? null
        : Math.hypot(own * one.standardErrorMs, (1 - own) * other.standardErrorMs),
  };
}

/** Decides an objective on its interval. */
export function judgeEvidence(
  evidence: ObjectiveEvidence,
  rule: { readonly confidence: number; readonly defaultTarget: number },
): ObjectiveJudgement {
  const { objective } = evidence;
  if ("share" in evidence) {
    const { share } = evidence;
    const target = evidence.target ?? rule.defaultTarget;
    const interval = shareInterval(share, rule.confidence);
    return {
      objective,
      verdict: judgeShare(share, target, interval),
      target,
      determined_requests: share.determined,
      effective_requests: share.effective,
      attainment: share.determined === 0 ? null : share.conforming / share.determined,
      value_ms: null,
      interval,
    };
  }
  const interval = meanRange(evidence, rule.confidence);
  return {
    objective,
    verdict: judgeMean(evidence, interval),
    target: null,
    determined_requests: evidence.requests,
    effective_requests: evidence.requests,
    attainment: null,
    value_ms: evidence.meanMs,
    interval,
  };
}

function meanRange({ meanMs, standardErrorMs }: MeanEvidence, confidence: number): Interval | null {
  if (standardErrorMs === null) return null;
  const half = studentQuantile((1 + confidence) / 2, MEAN_FREEDOM) * standardErrorMs;
  return { lower: meanMs - half, upper: meanMs + half };
}

function judgeMean({ limitMs, requests }: MeanEvidence, interval: Interval | null): ObjectiveVerdict {
  if (requests === 0) return "unmeasured";
  if (interval === null) return "undecided";
  if (interval.upper <= limitMs) return "met";
  return interval.lower > limitMs ? "missed" : "undecided";
}
