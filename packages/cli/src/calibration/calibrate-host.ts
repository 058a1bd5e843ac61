import { type BenchmarkReport, runBenchmarks } from "@core/benchmark";
import type { CommandContext } from "../command.js";
import { optionSources } from "../commands/option-source.js";
import { runOptions } from "../commands/run-options.js";
import { gatherConfig } from "../config/gather-config.js";
import { readOptions } from "../options/read-options.js";
import type { Calibration } from "./calibration-record.js";
import { startReferenceServer } from "./reference-server.js";

/** A load that is raised until the known times do not come out right any more. */
interface Ladder {
  readonly name: "streams" | "rate";
  readonly steps: readonly number[];
  readonly profile: (steps: readonly number[]) => string;
  readonly server: { readonly ttftMs: number; readonly gapMs: number; readonly tokens: number };
}

const LADDERS: readonly Ladder[] = [
  {
    name: "streams",
    steps: [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048],
    profile: (steps) => `kind=concurrent,streams=[${steps}]`,
    server: { ttftMs: 50, gapMs: 20, tokens: 32 },
  },
  {
    name: "rate",
    steps: [25, 50, 100, 200, 400, 800, 1600, 3200],
    profile: (steps) => `kind=constant,rate=[${steps}]`,
    server: { ttftMs: 20, gapMs: 5, tokens: 4 },
  },
];

/** Known times may come out this much longer. */
const TOLERANCE = 1.1;

/** How the measurement is watched and ended. */
export interface CalibrationOptions {
  /** Of each step. */
  readonly seconds: number;
  readonly onStep: (label: string, problem: string | null) => void;
  readonly interrupt: AbortSignal;
}

/** What {@link calibrateHost} measures; the rest of a calibration says where. */
export type MeasuredCeilings = Pick<Calibration, "streams" | "rate" | "workers">;

/**
 * Raises the load against a server of known timing in a process of its own, on this host.
 *
 * @returns Null when it was interrupted. @throws {CoreError} What keeps a run from starting.
 */
export async function calibrateHost(
  options: CalibrationOptions,
  context: CommandContext,
): Promise<MeasuredCeilings | null> {
  const found: Record<string, Climb> = {};
  for (const ladder of LADDERS) {
    found[ladder.name] = await climb(ladder, options, context);
    if (options.interrupt.aborted) return null;
  }
  const { streams, rate } = found as Record<Ladder["name"], Climb>;
  return {
    workers: Math.max(streams.workers, rate.workers),
    streams: {
      ceiling: streams.ceiling,
      limited_by: streams.limitedBy,
      output_tokens_per_second: streams.tokensPerSecond,
    },
    rate: { ceiling: rate.ceiling, limited_by: rate.limitedBy },
  };
}

interface Climb {
  readonly ceiling: number;
  readonly limitedBy: string | null;
  readonly tokensPerSecond: number;
  readonly workers: number;
}

async function climb(ladder: Ladder, options: CalibrationOptions, context: CommandContext): Promise<Climb> {
  const server = await startReferenceServer(ladder.server);
  const end = new AbortController();
  const stop = (): void => end.abort();
  options.interrupt.addEventListener("abort", stop);
  let reached: Climb = { ceiling: 0, limitedBy: null, tokensPerSecond: 0, workers: 0 };
  try {
    const words = [
      ...["--backend", `kind=${context.distribution.defaultBackend},target=${server.url}`],
      ...["--data", `kind=synthetic_text,prompt_tokens=32,output_tokens=${ladder.server.tokens}`],
      ...["--profile", ladder.profile(ladder.steps)],
      ...["--constraint", `kind=max_duration,seconds=${options.seconds}`],
    ];
    const given = optionSources(readOptions(words, runOptions(), "calibrate"), context.workingDirectory);
    // What configures runs of the user must not configure this one.
    const { config, pluginUrls, backendUrls } = await gatherConfig(null, given, { ...context, environment: {} });
    await runBenchmarks(config, {
      pluginUrls,
      backendUrls,
      programVersion: context.distribution.version,
      signals: { interrupt: end.signal },
      hooks: {
        onBenchmarkEnd: ({ index, label }, report) => {
          if (end.signal.aborted) return;
          const problem = problemOf(report, ladder);
          options.onStep(label, problem);
          reached = problem === null ? climbed(ladder, index, report) : { ...reached, limitedBy: problem };
          if (problem !== null) end.abort();
        },
      },
    });
    return reached;
  } finally {
    options.interrupt.removeEventListener("abort", stop);
    server.stop();
  }
}

function climbed(ladder: Ladder, index: number, { metrics, client }: BenchmarkReport): Climb {
  return {
    ceiling: ladder.steps[index] ?? 0,
    limitedBy: null,
    tokensPerSecond: metrics.output_tokens_per_second.successful.mean ?? 0,
    workers: client.workers.length,
  };
}

/** Why a step does not count; null when what is known came out. */
function problemOf({ metrics, validity, warnings }: BenchmarkReport, { server }: Ladder): string | null {
  const missed = warnings.find(({ code }) => code === "rate_not_reached");
  if (missed !== undefined) return missed.message;
  const invalid = validity.reasons.find(({ severity }) => severity === "invalid");
  if (invalid !== undefined) return invalid.message;
  const ttft = metrics.time_to_first_token_ms.successful.mean;
  if (ttft === null) return "No request succeeded.";
  if (ttft > server.ttftMs * TOLERANCE) return timesText("time to first token", ttft, server.ttftMs);
  const gap = metrics.inter_token_gap_ms.successful.mean;
  return gap !== null && gap > server.gapMs * TOLERANCE ? timesText("gap", gap, server.gapMs) : null;
}

function timesText(what: string, measuredMs: number, knownMs: number): string {
  return `The mean ${what} came out as ${measuredMs.toFixed(1)} ms in place of ${knownMs} ms.`;
}
