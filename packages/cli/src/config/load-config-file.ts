import { readFileSync, statSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { nearestName } from "@core/registry";
import { CliError } from "../errors.js";
import { parseYaml } from "../grammar/parse-yaml.js";
import { type ConfigSource, readSource } from "./config-source.js";
import { SCENARIOS } from "./scenarios.js";

/**
 * Loads a configuration file (JSON or YAML), an earlier report, or a built-in scenario by name. A file hides a scenario
 * of the same name.
 *
 * @throws {CliError} CORE_CLI_CONFIG_FILE or CORE_CLI_BAD_CONFIG.
 */
export function loadConfigFile(name: string, workingDirectory: string): ConfigSource {
  const path = resolve(workingDirectory, name);
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind === undefined || !kind.isFile()) {
    const scenario = SCENARIOS[name.replace(/\.json$/, "")];
    if (scenario !== undefined) return readSource(scenario, `the scenario ${name}`, workingDirectory);
    throw notFound(name, kind?.isDirectory() === true);
  }
  if (![".json", ".yaml", ".yml"].includes(extname(path))) {
    throw new CliError(`--config: ${name} is neither .json nor .yaml nor .yml`, { code: "CORE_CLI_CONFIG_FILE" });
  }
  const reading = parseYaml(readText(path, name));
  if ("problem" in reading) {
    throw new CliError(`--config: ${name} cannot be understood: ${reading.problem}`, { code: "CORE_CLI_CONFIG_FILE" });
  }
  return readSource(reading.value, `the file ${name}`, dirname(path));
}

function readText(path: string, name: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(`--config: ${name} cannot be read (${code})`, { code: "CORE_CLI_CONFIG_FILE", cause: error });
  }
}

function notFound(name: string, isDirectory: boolean): CliError {
  const near = nearestName(name, Object.keys(SCENARIOS));
  const suggestion = near === null ? "" : ` Did you mean "${near}"?`;
  const problem = isDirectory ? "is a folder, not a file" : "is neither a file nor a built-in scenario";
  return new CliError(`--config: ${name} ${problem}.${suggestion}`, {
    code: "CORE_CLI_CONFIG_FILE",
    hint: `Scenarios: ${Object.keys(SCENARIOS).join(", ")}.`,
  });
}
