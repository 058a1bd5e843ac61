import { CliError } from "../errors.js";
import { parseFieldPath } from "./field-path.js";
import { parseValue } from "./parse-args-text.js";
import { splitValues } from "./split-pairs.js";

/**
 * Reads uses of `--override PATH VALUES` into one mapping for each benchmark: the k-th values of all paths. An empty
 * value leaves the path out.
 *
 * @throws {CliError} CORE_CLI_BAD_VALUE.
 */
export function readOverrides(uses: readonly (readonly string[])[]): readonly Readonly<Record<string, unknown>>[] {
  const benchmarks: Record<string, unknown>[] = [];
  for (const [path = "", values = ""] of uses) {
    const steps = parseFieldPath(path);
    if ("problem" in steps) throw bad(`${path}: ${steps.problem}`);
    const pieces = splitValues(values);
    if (!Array.isArray(pieces)) throw bad(`${path}: ${pieces.problem} (at character ${pieces.column})`);
    for (const [at, piece] of pieces.entries()) {
      benchmarks[at] ??= {};
      if (piece === "") continue;
      const reading = parseValue(piece);
      if ("problem" in reading) throw bad(`${path}: ${reading.problem}`);
      (benchmarks[at] as Record<string, unknown>)[path] = reading.value;
    }
  }
  return benchmarks;
}

function bad(problem: string): CliError {
  return new CliError(`--override: ${problem}`, { code: "CORE_CLI_BAD_VALUE" });
}
