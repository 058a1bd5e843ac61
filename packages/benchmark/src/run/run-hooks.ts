import type { RunSnapshot, StrategyArgs } from "@core/scheduler";
import type { BenchmarkReport } from "../report/benchmark-report.js";

/** One benchmark of a run, as a progress display names it. */
export interface BenchmarkStep {
  /** Position in the run, from 0. */
  readonly index: number;
  /** Benchmarks planned; fewer may run. */
  readonly planned: number;
  /** Label of the strategy, for example `constant@4.00`. */
  readonly label: string;
  readonly strategy: StrategyArgs;
}

/** Who is told what a run does. Every method is optional; none may block. */
export interface RunHooks {
  /** Something was prepared: one sentence. */
  onSetup?(message: string): void;
  /** All steps known up front, before the first. */
  onPlan?(labels: readonly string[]): void;
  onBenchmarkStart?(step: BenchmarkStep): void;
  /** At most every 100 ms. */
  onBenchmarkUpdate?(step: BenchmarkStep, snapshot: RunSnapshot): void;
  /** The load has ended and its metrics are being computed. */
  onBenchmarkCompile?(step: BenchmarkStep): void;
  onBenchmarkEnd?(step: BenchmarkStep, report: BenchmarkReport): void;
}
