import { combineProgress, evaluateAll, remainingFraction } from "../constraint/combine.js";
import type { Constraint, ConstraintProgress } from "../constraint/constraint.js";
import type { ControlBlock } from "../control/control-block.js";

/** How a run stands, for a progress display. Means are over all completed requests so far; null before the first. */
export interface RunSnapshot {
  readonly elapsedSeconds: number;
  readonly created: number;
  readonly processed: number;
  readonly successful: number;
  readonly errored: number;
  readonly cancelled: number;
  readonly inFlight: number;
  readonly meanTimeToFirstTokenMs: number | null;
  readonly meanInterTokenLatencyMs: number | null;
  readonly meanRequestLatencySeconds: number | null;
  /** Tokens of completed requests, as reported by the server. */
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly progress: ConstraintProgress;
  /** Share of the run that is left, in [0, 1]; null when no constraint knows. */
  readonly remainingFraction: number | null;
}

/** Reads the control block; costs the workers nothing. */
export function takeSnapshot(
  control: ControlBlock,
  constraints: readonly Constraint[],
  times: { readonly startNs: number; readonly nowNs: number },
): RunSnapshot {
  const counts = control.counts();
  const sums = control.sums();
  const processed = counts.issued - counts.inFlight;
  const actions = evaluateAll(constraints, { created: counts.issued, processed, errored: counts.errored, ...times });
  const progress = combineProgress(Object.values(actions).map((action) => action.progress));
  return {
    elapsedSeconds: Math.max(0, times.nowNs - times.startNs) / 1e9,
    created: counts.issued,
    processed,
    successful: counts.completed,
    errored: counts.errored,
    cancelled: counts.cancelled,
    inFlight: counts.inFlight,
    meanTimeToFirstTokenMs: mean(sums.ttftSumNs / 1e6, sums.ttftCount),
    meanInterTokenLatencyMs: mean(sums.gapSumNs / 1e6, sums.gapCount),
    meanRequestLatencySeconds: mean(sums.latencySumNs / 1e9, sums.latencyCount),
    promptTokens: sums.promptTokens,
    outputTokens: sums.outputTokens,
    progress,
    remainingFraction: remainingFraction(progress),
  };
}

function mean(sum: number, count: number): number | null {
  return count === 0 ? null : sum / count;
}
