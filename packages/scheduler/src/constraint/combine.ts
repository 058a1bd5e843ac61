import {
  type Constraint,
  type ConstraintAction,
  type ConstraintProgress,
  NO_LIMITS,
  NO_PROGRESS,
  type RunCounts,
  type RunLimits,
} from "./constraint.js";

/** The tightest bound of each sort. */
export function combineLimits(constraints: readonly Constraint[]): RunLimits {
  return constraints.reduce<RunLimits>(
    (tightest, { limits }) => ({
      issuedRequests: Math.min(tightest.issuedRequests, limits.issuedRequests ?? Number.POSITIVE_INFINITY),
      processedRequests: Math.min(tightest.processedRequests, limits.processedRequests ?? Number.POSITIVE_INFINITY),
      erroredRequests: Math.min(tightest.erroredRequests, limits.erroredRequests ?? Number.POSITIVE_INFINITY),
      durationSeconds: Math.min(tightest.durationSeconds, limits.durationSeconds ?? Number.POSITIVE_INFINITY),
    }),
    NO_LIMITS,
  );
}

/** Names of constraints under which they are reported: their kind, `max_errors#2` for the second one of a kind. */
export function constraintNames(constraints: readonly { readonly kind: string }[]): readonly string[] {
  const seen = new Map<string, number>();
  return constraints.map(({ kind }) => {
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    return count === 1 ? kind : `${kind}#${count}`;
  });
}

/** Evaluates all constraints at one instant, by {@link constraintNames}. */
export function evaluateAll(
  constraints: readonly Constraint[],
  counts: RunCounts,
): Readonly<Record<string, ConstraintAction>> {
  const names = constraintNames(constraints);
  return Object.fromEntries(constraints.map((constraint, at) => [names[at], constraint.evaluate(counts)]));
}

/**
 * Progress of the run: requests and duration each from the constraint with the lowest remaining fraction, and the
 * earliest stop.
 */
export function combineProgress(parts: readonly ConstraintProgress[]): ConstraintProgress {
  return parts.reduce((merged, part) => {
    const requests = lower(part.remainingRequests, part.totalRequests, merged.remainingRequests, merged.totalRequests);
    const duration = lower(
      part.remainingDurationSeconds,
      part.totalDurationSeconds,
      merged.remainingDurationSeconds,
      merged.totalDurationSeconds,
    );
    const from = { requests: requests ? part : merged, duration: duration ? part : merged };
    return {
      remainingRequests: from.requests.remainingRequests,
      totalRequests: from.requests.totalRequests,
      remainingDurationSeconds: from.duration.remainingDurationSeconds,
      totalDurationSeconds: from.duration.totalDurationSeconds,
      stopNs: merged.stopNs === null ? part.stopNs : Math.min(merged.stopNs, part.stopNs ?? merged.stopNs),
    };
  }, NO_PROGRESS);
}

/** Lowest remaining share of the run, in [0, 1]; null when no constraint knows. */
export function remainingFraction(progress: ConstraintProgress): number | null {
  const parts = [
    fraction(progress.remainingRequests, progress.totalRequests),
    fraction(progress.remainingDurationSeconds, progress.totalDurationSeconds),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : Math.min(...parts);
}

function lower(
  remaining: number | null,
  total: number | null,
  knownRemaining: number | null,
  knownTotal: number | null,
): boolean {
  const candidate = fraction(remaining, total);
  const known = fraction(knownRemaining, knownTotal);
  return candidate !== null && (known === null || candidate < known);
}

function fraction(remaining: number | null, total: number | null): number | null {
  return remaining === null || total === null || total <= 0 ? null : remaining / total;
}
