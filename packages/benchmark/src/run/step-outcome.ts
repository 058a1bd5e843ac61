import {
  blockThroughput,
  type ClusteredShare,
  type MeasurementWindow,
  type ObjectiveOutcome,
  parseObjective,
} from "@core/metrics";
import { peakRate, type RunResult } from "@core/scheduler";
import { latencyTrend, timedRequests } from "../analysis/latency-trend.js";
import type { ObjectiveEvidence } from "../profile/level-evidence.js";
import type { StepOutcome } from "../profile/profile.js";
import type { BenchmarkReport } from "../report/benchmark-report.js";

/** What a profile is told about a step that ran. */
export function stepOutcome(
  result: RunResult,
  { metrics }: BenchmarkReport,
  window: () => MeasurementWindow,
): StepOutcome {
  const { state, strategy, stopAll } = result;
  return {
    strategy,
    successfulRequestsPerSecond: metrics.requests_per_second.successful.mean ?? 0,
    finishedRequests: metrics.request_totals.successful + metrics.request_totals.errored,
    outputTokensPerSecond: metrics.output_tokens_per_second.successful.mean,
    outputTokenBlocks: (blocks) => [...blockThroughput(result.table, window(), blocks)],
    attainment:
      metrics.slo_objectives === null
        ? null
        : {
            conforming: Math.round((metrics.slo_attainment ?? 0) * metrics.slo_determined_requests),
            determined: metrics.slo_determined_requests,
          },
    goodputPerSecond: metrics.request_goodput?.successful.mean ?? null,
    overSaturation: state.schedulerConstraints["over_saturation"]?.metadata ?? null,
    evidence: evidenceOf(metrics),
    trend: peakRate(strategy) === null ? null : latencyTrend(timedRequests(result.table)),
    seconds: (state.endNs - state.startNs) / 1e9,
    stopAll,
    stopAllQueuing: Object.values(state.endQueuingConstraints).some(({ stoppingScope }) => stoppingScope === "all"),
  };
}

function evidenceOf(metrics: BenchmarkReport["metrics"]): readonly ObjectiveEvidence[] {
  const determined = metrics.slo_determined_requests;
  const conforming = Math.round((metrics.slo_attainment ?? 0) * determined);
  const slo: ObjectiveEvidence = {
    objective: "slo",
    target: null,
    share: withLate(
      { conforming, determined, effective: metrics.slo_effective_requests },
      metrics.slo_cut_late_requests,
    ),
  };
  return [...(metrics.slo_objectives === null ? [] : [slo]), ...(metrics.objectives ?? []).map(toEvidence)];
}

function toEvidence(outcome: ObjectiveOutcome): ObjectiveEvidence {
  const { objective, target, conforming_requests, determined_requests, effective_requests } = outcome;
  if (target !== null) {
    const share = {
      conforming: conforming_requests,
      determined: determined_requests,
      effective: effective_requests,
    };
    return { objective, target, share: withLate(share, outcome.cut_late_requests) };
  }
  return {
    objective,
    limitMs: limitOf(objective),
    meanMs: outcome.value_ms ?? Number.NaN,
    standardErrorMs: outcome.value_se_ms,
    requests: outcome.value_ms === null ? 0 : determined_requests,
  };
}

/**
 * Requests that were late when the end of the step cut them off count against the load: without them a load that is too
 * high would be judged by the requests that it let through.
 */
function withLate({ conforming, determined, effective }: ClusteredShare, late: number): ClusteredShare {
  const worth = determined === 0 ? 1 : effective / determined;
  return { conforming, determined: determined + late, effective: effective + late * worth };
}

function limitOf(objective: string): number {
  const reading = parseObjective(objective);
  return "value" in reading ? reading.value.limit : Number.NaN;
}
