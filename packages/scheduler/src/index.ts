import "./register.js";

export type {
  Constraint,
  ConstraintAction,
  ConstraintProgress,
  RunCounts,
  RunLimits,
  StoppingScope,
} from "./constraint/constraint.js";
export {
  assertDistinctConstraints,
  type ConstraintArgs,
  type ConstraintDependencies,
  constraints,
  createConstraints,
} from "./constraint/constraints.js";
export { SCHEDULER_ERRORS, SchedulerError, type SchedulerErrorCode } from "./errors.js";
export type { ClosedSchedule, OpenSchedule, Schedule } from "./strategy/schedule.js";
export { createSchedule, strategies } from "./strategy/strategies.js";
export { type StrategyArgs, strategyLabel } from "./strategy/strategy-args.js";
