import { type BackendArgs, type Logger, SILENT_LOGGER } from "@core/backend";
import type { CoreError } from "@core/registry";
import {
  endHealthyRun,
  LoadThreads,
  type LoadThreadsOptions,
  type RunResult,
  Scheduler,
  type SchedulerOptions,
  strategyLabel,
} from "@core/scheduler";
import type { Tokenizer } from "@core/tokenizer";
import { BenchmarkError } from "../errors.js";
import type { Profile, ProfileStep, ProfileSteps, StepOutcome } from "../profile/profile.js";
import { profiles } from "../profile/profiles.js";
import type { BenchmarkReport } from "../report/benchmark-report.js";
import { compileBenchmark } from "../report/compile-benchmark.js";
import { type EnvironmentRecord, readEnvironment } from "../report/environment.js";
import { measurementWindow } from "../report/measurement-window.js";
import { createReport, type ReportDocument } from "../report/report-document.js";
import { uniqueId } from "../report/unique-id.js";
import type { ResolvedSpec, RunConfig } from "../spec/resolved-spec.js";
import type { CanaryTruth } from "../validity/canary.js";
import { assertClasses } from "./assert-classes.js";
import { type CheckedBackend, checkBackend } from "./check-backend.js";
import { loadTokenizer } from "./load-tokenizer.js";
import { type RunEpoch, takeEpoch } from "./run-epoch.js";
import type { BenchmarkStep, RunHooks } from "./run-hooks.js";
import { stepOutcome } from "./step-outcome.js";
import { stretchLimits } from "./stretch-limits.js";
import { textSampling } from "./text-sampling.js";
import { withoutLastCompiler } from "./without-last-compiler.js";

/** How a run is asked to end before its time. */
export interface RunSignals {
  /** Sends nothing more, gives requests in flight the grace period, and skips the remaining steps. */
  readonly interrupt?: AbortSignal;
  /** Ends at once; what has arrived is kept. */
  readonly cut?: AbortSignal;
}

/** What {@link runBenchmarks} needs beside the configuration. */
export interface RunBenchmarksOptions {
  /** File URLs of the modules that register kinds, to be imported in every worker. */
  readonly pluginUrls: readonly string[];
  /** File URLs of those that register nothing but backends. @defaultValue none */
  readonly backendUrls?: readonly string[];
  readonly hooks?: RunHooks;
  /** Called once, in the main thread, when the threads that produce the data and the load are there. */
  readonly onThreadsStarted?: () => void;
  readonly signals?: RunSignals;
  /** A server of known timing on this host, read beside the load. */
  readonly canary?: RunCanary | null;
  readonly logger?: Logger;
  /** Version of the program that runs this, for the report; that of this package when left out. */
  readonly programVersion?: string;
}

/** A server of known timing: how to reach it, and what it wrote so far. */
export interface RunCanary {
  /** Of a backend that `pluginUrls` or `backendUrls` register. */
  readonly args: BackendArgs;
  readonly truth: () => Promise<readonly CanaryTruth[]>;
}

/** What came of a run. */
export interface RunOutcome {
  readonly report: ReportDocument;
  /** Why the run could not go on to its end; the report holds what had been measured. */
  readonly failure: CoreError | null;
  readonly interrupted: boolean;
}

/**
 * Runs every step of the profile against the backend.
 *
 * @throws {CoreError} Whatever keeps the run from starting: an unreachable server, unreadable data, an unbuilt kind.
 */
export async function runBenchmarks(config: RunConfig, options: RunBenchmarksOptions): Promise<RunOutcome> {
  const { spec } = config;
  const hooks = options.hooks ?? {};
  const epoch = takeEpoch();
  const profile = profiles.create(spec.profile, { seed: spec.seed.value });
  const threadOptions: LoadThreadsOptions = {
    plugins: options.pluginUrls,
    backendPlugins: options.backendUrls ?? [],
    dataPlan: spec,
    workers: spec.workers ?? "auto",
    epochNs: epoch.epochNs,
    maxConcurrencyHint: profile.plannedConcurrency(),
  };
  const threads = LoadThreads.begin(threadOptions); // they load while the server is asked
  const backend = await check(spec, { epoch, options, threads });
  const state = backend.hasAnswered ? "answers" : "is started by its worker";
  hooks.onSetup?.(`Backend ${spec.backend.kind} ${state}, model ${backend.model}.`);
  const scheduler = await Scheduler.start(
    schedulerOptions(spec, backend, { ...threadOptions, canaryArgs: options.canary?.args ?? null }),
    threads,
  );
  options.onThreadsStarted?.();
  hooks.onSetup?.(`Data is ready, ${scheduler.workers} request worker${scheduler.workers === 1 ? "" : "s"} started.`);
  const resolved = { ...config, spec: { ...spec, backend: backend.args } };
  const environment = readEnvironment(options.programVersion);
  const run = new BenchmarkRun({
    ...{ config: resolved, hooks, epoch, backend, profile, scheduler, environment },
    logger: options.logger ?? SILENT_LOGGER,
    canary: options.canary ?? null,
  });
  const release = listen(run, options.signals ?? {});
  try {
    assertEnds(spec, { profile, scheduler, options });
    assertClasses(spec.objectives, scheduler.knownClasses);
    return await run.execute();
  } finally {
    release();
    await scheduler.shutdown();
  }
}

/** A benchmark that nothing ends is fine when it is the only one: the user ends it. Before others it is a mistake. */
function assertEnds(
  { constraints }: ResolvedSpec,
  parts: { readonly profile: Profile; readonly scheduler: Scheduler; readonly options: RunBenchmarksOptions },
): void {
  const { profile, scheduler, options } = parts;
  if (scheduler.mostConversations !== null || profile.endsByItself() || endHealthyRun(constraints)) return;
  const planned = profile.plannedSteps().length;
  if (planned === 1 && !profile.mayGoOn()) {
    options.logger?.info("Neither the data nor a constraint ends this benchmark: it goes on until it is interrupted.");
    return;
  }
  throw new BenchmarkError(
    `Nothing ends the first of ${planned === 1 ? "several" : planned} benchmarks: the data has no end, and no limit on requests or time is set.`,
    {
      code: "CORE_BENCHMARK_ENDLESS",
      hint: "Give a limit to each benchmark, such as --constraint kind=max_duration,seconds=30.",
    },
  );
}

async function check(
  { backend }: ResolvedSpec,
  parts: { readonly epoch: RunEpoch; readonly options: RunBenchmarksOptions; readonly threads: LoadThreads },
): Promise<CheckedBackend> {
  try {
    return await checkBackend(backend, parts.epoch.epochNs, parts.options.logger ?? SILENT_LOGGER);
  } catch (error) {
    await parts.threads.abandon();
    throw error;
  }
}

function schedulerOptions(
  spec: ResolvedSpec,
  backend: CheckedBackend,
  threadOptions: LoadThreadsOptions & Pick<SchedulerOptions, "canaryArgs">,
): SchedulerOptions {
  return {
    ...threadOptions,
    backendArgs: backend.args,
    backendLimits: backend.limits,
    sampling: textSampling(spec.metrics.sample_size, spec.seed.value),
    preferResponseMetrics: spec.metrics.prefer_response_metrics,
  };
}

function listen(run: BenchmarkRun, { interrupt, cut }: RunSignals): () => void {
  const onInterrupt = (): void => run.interrupt();
  const onCut = (): void => run.cut();
  interrupt?.addEventListener("abort", onInterrupt);
  cut?.addEventListener("abort", onCut);
  if (interrupt?.aborted === true) run.interrupt();
  return () => {
    interrupt?.removeEventListener("abort", onInterrupt);
    cut?.removeEventListener("abort", onCut);
  };
}

interface BenchmarkRunParts {
  /** With the model resolved. */
  readonly config: RunConfig;
  readonly hooks: RunHooks;
  readonly epoch: RunEpoch;
  readonly backend: CheckedBackend;
  readonly profile: Profile;
  readonly scheduler: Scheduler;
  readonly environment: EnvironmentRecord;
  readonly logger: Logger;
  readonly canary: RunCanary | null;
}

/** Goes through the steps of a profile and collects their reports. */
class BenchmarkRun {
  readonly #parts: BenchmarkRunParts;
  readonly #runId = uniqueId();
  readonly #reports: BenchmarkReport[] = [];
  /** Loaded after the first load, so that it takes no time from it. */
  #tokenizer: Promise<Tokenizer | null> | null = null;
  #failure: CoreError | null = null;
  #interrupted = false;

  constructor(parts: BenchmarkRunParts) {
    this.#parts = parts;
  }

  interrupt(): void {
    this.#interrupted = true;
    this.#parts.scheduler.interrupt();
  }

  cut(): void {
    this.#interrupted = true;
    this.#parts.scheduler.cut();
  }

  async execute(): Promise<RunOutcome> {
    const { profile, hooks } = this.#parts;
    const labels = profile.plannedSteps();
    hooks.onPlan?.(labels);
    const steps = profile.steps();
    let next = steps.next();
    while (next.done !== true && !this.#interrupted && this.#failure === null) {
      const { strategy, stretch = 1 } = next.value;
      const index = this.#reports.length;
      const step = { index, planned: Math.max(labels.length, index + 1), label: strategyLabel(strategy), strategy };
      const spec = stretchLimits(this.#parts.config.spec, stretch);
      const { result, report } = await this.#benchmark(step, spec);
      this.#failure = result.failure;
      if (this.#failure !== null) break;
      next = this.#advance(
        steps,
        stepOutcome(result, report, () => measurementWindow(result, spec)),
      );
    }
    const { config, environment } = this.#parts;
    const conclusion = profile.conclusion();
    const conclusions = conclusion === null ? [] : [conclusion];
    const report = createReport(environment, { config, benchmarks: this.#reports, conclusions });
    return { report, failure: this.#failure, interrupted: this.#interrupted };
  }

  /** A profile that cannot choose its next step ends the run; what it has measured is kept. */
  #advance(steps: ProfileSteps, outcome: StepOutcome): IteratorResult<ProfileStep, void> {
    try {
      return steps.next(outcome);
    } catch (error) {
      if (!BenchmarkError.isInstance(error)) throw error;
      this.#failure = error;
      return { done: true, value: undefined };
    }
  }

  async #benchmark(
    step: BenchmarkStep,
    spec: ResolvedSpec,
  ): Promise<{ readonly result: RunResult; readonly report: BenchmarkReport }> {
    const { hooks, epoch, backend, profile, scheduler, environment, logger, canary } = this.#parts;
    hooks.onBenchmarkStart?.(step);
    const result = await scheduler.run({
      strategy: step.strategy,
      constraints: spec.constraints,
      runIndex: step.index,
      stepIndex: step.index,
      graceSeconds: spec.grace_seconds ?? Number.POSITIVE_INFINITY,
      ...(hooks.onBenchmarkUpdate === undefined
        ? {} // nobody looks: then none is taken
        : { onUpdate: (snapshot) => hooks.onBenchmarkUpdate?.(step, snapshot) }),
    });
    hooks.onBenchmarkCompile?.(step);
    const isLast = step.index + 1 >= profile.plannedSteps().length && !profile.mayGoOn();
    if (isLast) await scheduler.shutdown(); // the memory of its threads is free before the report needs some
    this.#tokenizer ??= loadTokenizer(spec, logger);
    const tokenizer = await this.#tokenizer;
    const canaryTruth = (await canary?.truth()) ?? [];
    const report = withoutLastCompiler(() =>
      compileBenchmark({
        result,
        spec,
        runId: this.#runId,
        runIndex: step.index,
        epochWallSeconds: epoch.wallSeconds,
        backendInfo: backend.info,
        environment,
        ...(tokenizer === null ? {} : { tokenizer }),
        canaryTruth,
        epochNs: Number(epoch.epochNs),
      }),
    );
    this.#reports.push(report);
    hooks.onBenchmarkEnd?.(step, report);
    return { result, report };
  }
}
