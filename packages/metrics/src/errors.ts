import { CoreError, type CoreErrorOptions } from "@core/registry";

/** Error codes of this package and what each one means. */
export const METRICS_ERRORS = Object.freeze({
  CORE_METRICS_OBJECTIVE: "An objective cannot be read; its message says what it must look like.",
  CORE_METRICS_PROBABILITY: "A probability, quantile or number of degrees of freedom is outside its range.",
});

/** A code of {@link METRICS_ERRORS}. */
export type MetricsErrorCode = keyof typeof METRICS_ERRORS;

/** An error of computing metrics. */
export class MetricsError extends CoreError {
  constructor(message: string, options: CoreErrorOptions & { readonly code: MetricsErrorCode }) {
    super(message, options);
  }
}
