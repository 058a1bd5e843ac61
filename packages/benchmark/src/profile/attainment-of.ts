import { BenchmarkError } from "../errors.js";
import type { StepOutcome } from "./profile.js";

/**
 * Requests that met the objectives, and requests that could be judged.
 *
 * @throws {BenchmarkError} CORE_BENCHMARK_UNMEASURABLE when none could.
 */
export function attainmentOf({ attainment }: StepOutcome): {
  readonly conforming: number;
  readonly determined: number;
} {
  if (attainment !== null && attainment.determined > 0) return attainment;
  throw new BenchmarkError("No request of this probe could be held against the objectives.", {
    code: "CORE_BENCHMARK_UNMEASURABLE",
    hint: "Look at its errors; a time to first token needs streaming, a time between tokens more than one token.",
  });
}
