import { CoreError, type CoreErrorOptions } from "@core/registry";

/** Error codes of this package and what each one means. */
export const BENCHMARK_ERRORS = Object.freeze({
  CORE_BENCHMARK_NO_CAPACITY: "A sweep measured no successful request, so that it has no rates to choose from.",
  CORE_BENCHMARK_UNMEASURABLE: "A search asks for objectives that no request of a probe could be held against.",
  CORE_BENCHMARK_BAD_SCHEDULE: "The report whose arrivals are to be replayed cannot be read or holds no requests.",
  CORE_BENCHMARK_UNKNOWN_CLASS: "An objective is about a class of traffic that the data does not name.",
  CORE_BENCHMARK_ENDLESS: "Several benchmarks are planned, and neither the data nor a constraint ends the first one.",
});

/** A code of {@link BENCHMARK_ERRORS}. */
export type BenchmarkErrorCode = keyof typeof BENCHMARK_ERRORS;

/** An error of planning or running benchmarks. */
export class BenchmarkError extends CoreError {
  constructor(message: string, options: CoreErrorOptions & { readonly code: BenchmarkErrorCode }) {
    super(message, options);
  }
}
