import { compileMetrics } from "./compile-metrics.js";
import { metricsKinds } from "./metrics-kinds.js";
import { GenerativeMetricsSchema } from "./metrics-schema.js";
import { VERSION } from "./version.js";

metricsKinds.register({
  contract: 1,
  packageName: "@core/metrics",
  packageVersion: VERSION,
  kind: "generative",
  summary: "Latencies, token rates and goodput of text generation.",
  argsSchema: GenerativeMetricsSchema,
  create: (args) => ({ compile: (input) => compileMetrics({ ...input, metricsArgs: args }) }),
});
