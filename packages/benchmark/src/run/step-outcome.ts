import type { RunResult } from "@core/scheduler";
import type { StepOutcome } from "../profile/profile.js";
import type { BenchmarkReport } from "../report/benchmark-report.js";

/** What a profile is told about a step that ran. */
export function stepOutcome(result: RunResult, { metrics }: BenchmarkReport): StepOutcome {
  const { state, strategy, stopAll } = result;
  return {
    strategy,
    successfulRequestsPerSecond: metrics.requests_per_second.successful.mean ?? 0,
    outputTokensPerSecond: metrics.output_tokens_per_second.successful.mean,
    attainment:
      metrics.slo_objectives === null
        ? null
        : {
            conforming: Math.round((metrics.slo_attainment ?? 0) * metrics.slo_determined_requests),
            determined: metrics.slo_determined_requests,
          },
    goodputPerSecond: metrics.request_goodput?.successful.mean ?? null,
    overSaturation: state.schedulerConstraints["over_saturation"]?.metadata ?? null,
    stopAll,
    stopAllQueuing: Object.values(state.endQueuingConstraints).some(({ stoppingScope }) => stoppingScope === "all"),
  };
}
