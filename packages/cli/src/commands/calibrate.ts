import { readEnvironment } from "@core/benchmark";
import { calibrateHost, type MeasuredCeilings } from "../calibration/calibrate-host.js";
import { calibrationPath, writeCalibration } from "../calibration/calibration-file.js";
import type { Command } from "../command.js";
import { CliError } from "../errors.js";
import { EXIT_CODES } from "../exit-codes.js";
import { commandHelp } from "../help/command-help.js";
import { HELP_OPTION, type Option, valueOption } from "../options/option.js";
import { readOptions } from "../options/read-options.js";
import { withExit } from "../report-error.js";

const OPTIONS: readonly Option[] = [
  valueOption("--seconds", "NUMBER", "Seconds of each step.", { again: "replace", detail: "Default: 2." }),
  HELP_OPTION,
];
const DEFAULT_SECONDS = 2;

/** `goodput calibrate`: measures how much load this host can make, and keeps it. */
export const calibrateCommand: Command = async (words, context) => {
  const { stdout, distribution, environment } = context;
  const options = readOptions(words, OPTIONS, `${distribution.name} calibrate`);
  if (options.has("--help")) {
    const description =
      "Raises the load against the built-in mock server on this host until its known times do not come out right any more. Runs that plan more are warned of. Pin it as your runs are pinned.";
    const kept = `Kept in ${calibrationPath(environment)}, one entry for each processor and number of cores.`;
    const usage = `${distribution.name} calibrate [OPTIONS]`;
    stdout.write(commandHelp({ usage, description, options: OPTIONS, more: [kept] }));
    return EXIT_CODES.ok.code;
  }
  if (distribution.defaultBackend === null) throw noBackend(distribution.name);
  const interrupt = new AbortController();
  const release = context.onInterrupt(() => interrupt.abort());
  try {
    const ceilings = await calibrateHost(
      {
        seconds: readSeconds(options.value("--seconds")),
        interrupt: interrupt.signal,
        onStep: (label, problem) => stdout.write(`  ${label.padEnd(18)}${problem ?? "good"}\n`),
      },
      context,
    );
    if (ceilings === null) return EXIT_CODES.interrupted.code;
    assertUseful(ceilings);
    const { goodput_version, node_version, cpu_model, cpu_count } = readEnvironment(distribution.version);
    const host = { goodput_version, node_version, cpu_model, cpu_count };
    const path = writeCalibration(environment, { measured_at: new Date().toISOString(), ...host, ...ceilings });
    const { streams, rate } = ceilings;
    const tokens = streams.output_tokens_per_second.toFixed(0);
    stdout.write(`\nGood for ${streams.ceiling} streams (${tokens} tokens/s) and ${rate.ceiling} requests/s.\n`);
    stdout.write(`Wrote ${path}\n`);
    return EXIT_CODES.ok.code;
  } finally {
    release();
  }
};

/** A host that cannot make the least of loads is busy with something else: that is not worth keeping. */
function assertUseful({ streams, rate }: MeasuredCeilings): void {
  if (streams.ceiling > 0 && rate.ceiling > 0) return;
  const { limited_by } = streams.ceiling > 0 ? rate : streams;
  const message = `Even the least load did not come out right, and nothing was kept: ${limited_by}`;
  const hint = "Close what else runs on this host, or pin both to cores of their own, and calibrate again.";
  throw withExit(new CliError(message, { code: "CORE_CLI_CALIBRATION", hint }), "notStarted");
}

function readSeconds(text: string | null): number {
  const seconds = text === null ? DEFAULT_SECONDS : Number(text);
  if (seconds >= 0.5 && seconds <= 600) return seconds;
  throw new CliError(`--seconds must be a number from 0.5 to 600, got "${text}".`, { code: "CORE_CLI_BAD_VALUE" });
}

function noBackend(name: string): CliError {
  return new CliError(`${name} has no backend of its own to calibrate with.`, { code: "CORE_CLI_CALIBRATION" });
}
