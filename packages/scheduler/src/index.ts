import "./register.js";

export { constraintNames } from "./constraint/combine.js";
export type {
  Constraint,
  ConstraintAction,
  ConstraintProgress,
  RunCounts,
  RunLimits,
  StoppingScope,
} from "./constraint/constraint.js";
export {
  type ConstraintArgs,
  type ConstraintDependencies,
  constraints,
  createConstraints,
  endHealthyRun,
} from "./constraint/constraints.js";
export type { FailureCount } from "./engine/failure-counts.js";
export type { LagSummary } from "./engine/lag-histogram.js";
export type { EngineReport } from "./engine/request-engine.js";
export { LATE_SEND_NS } from "./engine/request-runner.js";
export type { RequestSample } from "./engine/request-sample.js";
export type { SendingEnd, SendLoopReport } from "./engine/send-loop.js";
export { NO_SAMPLING, type SamplingOptions } from "./engine/text-sampler.js";
export { SCHEDULER_ERRORS, SchedulerError, type SchedulerErrorCode } from "./errors.js";
export { DEFAULT_MAX_CONCURRENCY } from "./resolve-concurrency.js";
export type { DatasetReport, RunResult, SchedulerState, StopReason } from "./run/run-result.js";
export type { RunSnapshot } from "./run/run-snapshot.js";
export type { ThreadLoad, WorkerReport } from "./run/worker-link.js";
export { type RunOptions, Scheduler, type SchedulerOptions } from "./scheduler.js";
export type { ConcurrencyUnitArgs, PacingArgs } from "./strategy/pacing.js";
export { DEFAULT_BEHIND_WINDOW } from "./strategy/pacing.js";
export { concurrencyUnitField, pacingFields } from "./strategy/pacing-fields.js";
export { uniformAt } from "./strategy/philox.js";
export { RAMP_SHAPES, type RampArgs } from "./strategy/ramp.js";
export { rampFields } from "./strategy/ramp-fields.js";
export type { RateSegment } from "./strategy/rate-curve.js";
export { rateSegmentsField } from "./strategy/rate-segments-field.js";
export type { ClosedSchedule, OpenSchedule, Schedule, TraceSchedule } from "./strategy/schedule.js";
export { createSchedule, strategies } from "./strategy/strategies.js";
export { ARRIVALS, peakRate, type StrategyArgs, strategyLabel } from "./strategy/strategy-args.js";
export { SCHEDULE_TURNS } from "./strategy/turn-due.js";
export type { CanaryReading } from "./thread/canary-stream.js";
export { LoadThreads, type LoadThreadsOptions } from "./thread/load-threads.js";
