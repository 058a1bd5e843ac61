import { parseObjective, unknownClass } from "@core/metrics";
import { BenchmarkError } from "../errors.js";

/**
 * Refuses objectives about a class of traffic that the data cannot have.
 *
 * @param known - All classes of the data; null where only its conversations will tell: nothing is refused then.
 * @throws {BenchmarkError} CORE_BENCHMARK_UNKNOWN_CLASS.
 */
export function assertClasses(objectives: readonly string[], known: readonly string[] | null): void {
  if (known === null) return;
  for (const text of objectives) {
    const reading = parseObjective(text);
    const problem = "value" in reading ? unknownClass(reading.value.scope, known) : null;
    if (problem === null) continue;
    throw new BenchmarkError(`The objective ${text} cannot be measured: ${problem}.`, {
      code: "CORE_BENCHMARK_UNKNOWN_CLASS",
      hint: "Classes are the cells of a column class; another one is named with --data-column-mapper kind=generative_column_mapper,column_mappings.class_column=NAME (beside all other columns).",
    });
  }
}
