import { type Constraint, NO_PROGRESS, type StoppingScope } from "./constraint.js";

/** Stops everything `seconds` after the start of the run, whether or not anything has happened. */
export function maxDuration(rule: { readonly seconds: number; readonly stoppingScope: StoppingScope }): Constraint {
  return {
    kind: "max_duration",
    stoppingScope: rule.stoppingScope,
    limits: { durationSeconds: rule.seconds },
    evaluate: (counts) => {
      const elapsed = (counts.nowNs - counts.startNs) / 1e9;
      // In the terms in which the end is planned: a difference of instants in seconds may round to just below.
      const exceeded = counts.nowNs >= counts.startNs + rule.seconds * 1e9;
      const remaining = Math.min(rule.seconds, Math.max(0, rule.seconds - elapsed));
      return {
        requestQueuing: exceeded ? "stop" : "continue",
        requestProcessing: exceeded ? "stop_local" : "continue",
        stoppingScope: rule.stoppingScope,
        metadata: {
          max_duration: rule.seconds,
          duration_exceeded: exceeded,
          elapsed_time: elapsed,
          remaining_duration: remaining,
        },
        progress: {
          ...NO_PROGRESS,
          remainingDurationSeconds: remaining,
          totalDurationSeconds: rule.seconds,
          stopNs: exceeded ? counts.startNs + rule.seconds * 1e9 : null,
        },
      };
    },
  };
}
