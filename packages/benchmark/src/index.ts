import "./profile/register.js";

export { BENCHMARK_ERRORS, BenchmarkError, type BenchmarkErrorCode } from "./errors.js";
export type { Conclusion } from "./profile/conclusion.js";
export type { PhaseArgs } from "./profile/phase.js";
export { Profile, type ProfileStep, type ProfileSteps, type StepOutcome } from "./profile/profile.js";
export { profileProblems } from "./profile/profile-problems.js";
export { type ProfileDependencies, profiles } from "./profile/profiles.js";
export type {
  BenchmarkConfig,
  BenchmarkReport,
  BenchmarkWarning,
  FailureRecord,
  LagRecord,
  WorkerRecord,
} from "./report/benchmark-report.js";
export { type EnvironmentRecord, readEnvironment } from "./report/environment.js";
export { createReport, REPORT_VERSION, type ReportDocument, type ReportMetadata } from "./report/report-document.js";
export type { SchedulerStateRecord } from "./report/scheduler-state-record.js";
export {
  type RunBenchmarksOptions,
  type RunOutcome,
  type RunSignals,
  runBenchmarks,
} from "./run/run-benchmarks.js";
export type { BenchmarkStep, RunHooks } from "./run/run-hooks.js";
export type { KindArgs, ProfileArgs, ResolvedSpec, RunConfig } from "./spec/resolved-spec.js";
