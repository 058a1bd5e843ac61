import { parseBackendArgs } from "@core/backend";
import type { RunBenchmarksOptions, RunConfig } from "@core/benchmark";
import type { CommandContext } from "../command.js";
import { CliError } from "../errors.js";
import { startReferenceServer } from "./reference-server.js";

type RunCanary = NonNullable<RunBenchmarksOptions["canary"]>;

/** Some fifty tokens a second for each worker. */
const TIMING = { ttftMs: 40, gapMs: 20, tokens: 32 };

/** Starts the server of known timing that a run reads beside its load. @throws {CliError} CORE_CLI_CALIBRATION. */
export async function startCanary(
  { spec }: RunConfig,
  { distribution }: CommandContext,
): Promise<RunCanary & { readonly stop: () => void }> {
  const { kind } = spec.backend;
  if (kind !== distribution.defaultBackend) {
    throw new CliError(`The backend ${kind} cannot read a canary.`, {
      code: "CORE_CLI_CALIBRATION",
      hint: `Only ${distribution.defaultBackend ?? "the backend of a distribution"} can; leave canary out.`,
    });
  }
  const server = await startReferenceServer(TIMING);
  return {
    args: parseBackendArgs({ kind, target: server.url, model: MODEL }),
    truth: async () => (await (await fetch(`${server.url}/truth`)).json()) as Awaited<ReturnType<RunCanary["truth"]>>,
    stop: () => server.stop(),
  };
}

/** The one model of the mock server. */
const MODEL = "goodput-mock";
