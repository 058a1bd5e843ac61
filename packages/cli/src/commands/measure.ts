import { join, resolve } from "node:path";
import { type ReportDocument, type RunConfig, type RunOutcome, readEnvironment, runBenchmarks } from "@core/benchmark";
import { compilersYieldToLoad, yieldToLoad } from "@core/data";
import { createProgressDisplay, type Output, type OutputContext, outputs, type ProgressDisplay } from "@core/output";
import { readCalibration } from "../calibration/calibration-file.js";
import { pastCalibration } from "../calibration/planned-load.js";
import type { CommandContext } from "../command.js";
import { assertBuilt } from "../config/assert-built.js";
import type { GatheredConfig } from "../config/gather-config.js";
import { EXIT_CODES, type ExitName } from "../exit-codes.js";
import type { ReadOptions } from "../options/read-options.js";
import { reportError, withExit } from "../report-error.js";

/** Measures a server and writes the results. @returns The exit code. */
export async function measure(
  gathered: GatheredConfig,
  options: ReadOptions,
  context: CommandContext,
): Promise<number> {
  const { config } = gathered;
  assertBuilt(config);
  warnPastCalibration(config, context);
  const quiet = options.has("--disable-console");
  const place = outputContext(config, options, context);
  const writers = createOutputs(config, quiet);
  await prepareOutputs(writers, place);
  const progress = quiet ? null : createProgressDisplay(context.stderr, { live: !options.has("--disable-progress") });
  const outcome = await run(gathered, progress, context);
  await writeOutputs(writers, { outcome, place, context, quiet });
  if (outcome.failure !== null) reportError(outcome.failure, context);
  return EXIT_CODES[exitOf(outcome)].code;
}

function warnPastCalibration(config: RunConfig, { environment, stderr }: CommandContext): void {
  const calibration = readCalibration(environment, readEnvironment());
  if (calibration === null) return;
  for (const sentence of pastCalibration(config, calibration)) stderr.write(`Warning: ${sentence}\n`);
}

async function run(
  { config, pluginUrls, backendUrls }: GatheredConfig,
  progress: ProgressDisplay | null,
  context: CommandContext,
): Promise<RunOutcome> {
  const canaries = config.spec.canary ? await import("../calibration/canary-server.js") : null;
  const canary = canaries === null ? null : await canaries.startCanary(config, context);
  const interrupt = new AbortController();
  const cut = new AbortController();
  const release = context.onInterrupt(() => {
    if (interrupt.signal.aborted) return cut.abort();
    interrupt.abort();
    context.stderr.write("\nStopping: requests in flight may end. Interrupt again to stop at once.\n");
  });
  try {
    return await runBenchmarks(config, {
      pluginUrls,
      backendUrls,
      programVersion: context.distribution.version,
      signals: { interrupt: interrupt.signal, cut: cut.signal },
      logger: {
        debug() {},
        info: (message) => context.stderr.write(`${message}\n`),
        warn: (message) => context.stderr.write(`Warning: ${message}\n`),
      },
      onThreadsStarted: () => {
        yieldToLoad();
        compilersYieldToLoad();
      },
      canary,
      ...(progress === null ? {} : { hooks: progress }),
    });
  } catch (error) {
    throw withExit(error, "notStarted");
  } finally {
    release();
    canary?.stop();
    progress?.close();
  }
}

function outputContext(config: RunConfig, options: ReadOptions, context: CommandContext): OutputContext {
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const folder = options.value("--output-dir") ?? join("results", `${time}-${config.spec.profile.kind}`);
  return {
    directory: resolve(context.workingDirectory, folder),
    workingDirectory: context.workingDirectory,
    print: (text) => context.stdout.write(text),
    columns: context.stdout.isTTY === true ? (context.stdout.columns ?? null) : null,
  };
}

/** The tables are always printed, unless the console is off or asked for among the outputs. */
function createOutputs({ spec }: RunConfig, quiet: boolean): readonly Output[] {
  const wanted = spec.outputs.filter(({ kind }) => kind !== "console");
  const withTables = quiet ? wanted : [...wanted, { kind: "console" }];
  return withTables.map((args) => outputs.create(args, undefined));
}

async function prepareOutputs(writers: readonly Output[], place: OutputContext): Promise<void> {
  try {
    for (const writer of writers) await writer.check(place);
  } catch (error) {
    throw withExit(error, "notWritten");
  }
}

interface WriteParts {
  readonly outcome: RunOutcome;
  readonly place: OutputContext;
  readonly context: CommandContext;
  readonly quiet: boolean;
}

async function writeOutputs(writers: readonly Output[], { outcome, place, context, quiet }: WriteParts): Promise<void> {
  for (const writer of writers) {
    try {
      const written = await writer.write(outcome.report, place);
      if (written !== null && !quiet) context.stderr.write(`Wrote ${written}\n`);
    } catch (error) {
      throw withExit(error, "notWritten");
    }
  }
}

function exitOf({ report, failure, interrupted }: RunOutcome): ExitName {
  const isInvalid = report.benchmarks.some(({ validity }) => validity.verdict === "invalid");
  if (failure !== null) return "broken";
  if (interrupted) return "interrupted";
  const succeeded = report.benchmarks.some(({ scheduler_state }) => scheduler_state.successful_requests > 0);
  if (!succeeded) return "allFailed";
  if (isInvalid && report.config.spec.fail_on_invalid) return "invalid";
  return missesObjectives(report) ? "objectivesMissed" : "ok";
}

/** Profiles that go through loads on purpose: that some of them are too high is what they look for. */
const EXPLORING = ["sweep", "knee", "goodput"];

function missesObjectives({ config, benchmarks, conclusions }: ReportDocument): boolean {
  const { kind } = config.spec.profile;
  if (kind === "search") return conclusions.some((conclusion) => conclusion["highest_passing"] === null);
  if (EXPLORING.includes(kind)) return false;
  return benchmarks.some(({ metrics }) => metrics.objectives?.some(({ verdict }) => verdict === "missed") ?? false);
}
