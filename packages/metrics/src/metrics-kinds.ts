import { KindRegistry } from "@core/registry";
import type { CompileMetricsInput } from "./compile-metrics.js";
import type { GenerativeMetrics } from "./generative-metrics.js";

/** Turns the records of one benchmark into its metrics. */
export interface MetricsCompiler {
  compile(input: Omit<CompileMetricsInput, "metricsArgs">): GenerativeMetrics;
}

/** The table of metrics kinds. */
export const metricsKinds: KindRegistry<MetricsCompiler> = new KindRegistry({
  name: "metrics",
  label: "metrics",
  option: "--metrics",
});
