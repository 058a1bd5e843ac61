import { type DerivedWindow, deriveWindow } from "@core/metrics";
import type { RunResult } from "@core/scheduler";
import type { ResolvedSpec } from "../spec/resolved-spec.js";

/** The part of a run that is measured, as warmup and cooldown of the profile say. */
export function measurementWindow({ table, state, dataset }: RunResult, spec: ResolvedSpec): DerivedWindow {
  const { progress } = state;
  return deriveWindow({
    table,
    schedulerStartNs: state.startNs,
    schedulerEndNs: state.endNs,
    stopTimeNs: progress.stopNs,
    maxDurationSeconds: progress.totalDurationSeconds,
    maxRequests: progress.totalRequests ?? (dataset.exhausted ? state.createdRequests : null),
    warmup: spec.profile.warmup,
    cooldown: spec.profile.cooldown,
  });
}
