import {
  type Constraint,
  type ConstraintAction,
  NO_PROGRESS,
  type RunCounts,
  type RunLimits,
  type StoppingScope,
} from "./constraint.js";

interface CountRule {
  readonly kind: "max_requests" | "min_requests" | "max_errors" | "requests_exhausted";
  /** Not necessarily whole: 7.5 is reached by the eighth request. */
  readonly count: number;
  readonly stoppingScope: StoppingScope;
}

/** Stops creating requests at `count`; what was created runs to its end. */
export function maxRequests(rule: Omit<CountRule, "kind">, kind: CountRule["kind"] = "max_requests"): Constraint {
  const full = { ...rule, kind };
  return build(full, { issuedRequests: Math.ceil(rule.count) }, (counts) => ({
    queuingStops: counts.created >= rule.count,
    processingStops: counts.processed >= rule.count,
  }));
}

/** Stops everything once `count` requests are done, whatever their outcome; requests in flight are surplus. */
export function minRequests(rule: Omit<CountRule, "kind">): Constraint {
  return build({ ...rule, kind: "min_requests" }, { processedRequests: Math.ceil(rule.count) }, (counts) => ({
    queuingStops: counts.processed >= rule.count,
    processingStops: counts.processed >= rule.count,
  }));
}

/** Stops everything once `count` requests have failed. */
export function maxErrors(rule: Omit<CountRule, "kind">): Constraint {
  return {
    kind: "max_errors",
    stoppingScope: rule.stoppingScope,
    limits: { erroredRequests: Math.ceil(rule.count) },
    evaluate: (counts) => {
      const exceeded = counts.errored >= rule.count;
      return {
        requestQueuing: exceeded ? "stop" : "continue",
        requestProcessing: exceeded ? "stop_all" : "continue",
        stoppingScope: rule.stoppingScope,
        metadata: { max_errors: rule.count, errors_exceeded: exceeded, current_errors: counts.errored },
        progress: { ...NO_PROGRESS, stopNs: exceeded ? counts.nowNs : null },
      };
    },
  };
}

/** What the end of the data amounts to: a limit on requests at the number that there were. */
export function requestsExhausted(count: number): Constraint {
  return maxRequests({ count, stoppingScope: "current" }, "requests_exhausted");
}

function build(
  rule: CountRule,
  limits: Partial<RunLimits>,
  decide: (counts: RunCounts) => { readonly queuingStops: boolean; readonly processingStops: boolean },
): Constraint {
  return {
    kind: rule.kind,
    stoppingScope: rule.stoppingScope,
    limits,
    evaluate: (counts) => action(rule, counts, decide(counts)),
  };
}

function action(
  rule: CountRule,
  counts: RunCounts,
  decision: { readonly queuingStops: boolean; readonly processingStops: boolean },
): ConstraintAction {
  const remaining = Math.min(rule.count, Math.max(0, rule.count - counts.processed));
  return {
    requestQueuing: decision.queuingStops ? "stop" : "continue",
    requestProcessing: decision.processingStops ? "stop_local" : "continue",
    stoppingScope: rule.stoppingScope,
    metadata: {
      [rule.kind]: rule.count,
      create_exceeded: counts.created >= rule.count,
      processed_exceeded: counts.processed >= rule.count,
      created_requests: counts.created,
      processed_requests: counts.processed,
      remaining_requests: remaining,
    },
    progress: {
      ...NO_PROGRESS,
      remainingRequests: remaining,
      totalRequests: rule.count,
      stopNs: remaining === 0 ? counts.nowNs : null,
    },
  };
}
