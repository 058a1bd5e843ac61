import type * as v from "valibot";
import { VERSION } from "../version.js";
import * as schemas from "./constraint-schemas.js";
import { constraints, valueAtStep } from "./constraints.js";
import { maxErrors, maxRequests, minRequests } from "./count-constraint.js";
import { maxDuration } from "./duration-constraint.js";
import { MaxErrorRate, MaxGlobalErrorRate } from "./error-rate-constraint.js";
import { BacklogDetector } from "./over-saturation/backlog-detector.js";
import { OverSaturationConstraint } from "./over-saturation/over-saturation-constraint.js";
import type { OverSaturationDetector } from "./over-saturation/over-saturation-detector.js";
import { SlopeDetector } from "./over-saturation/slope-detector.js";

const origin = { contract: 1, packageName: "@core/scheduler", packageVersion: VERSION } as const;

constraints.register({
  ...origin,
  kind: "max_errors",
  summary: "Stop once this many requests have failed.",
  argsSchema: schemas.MaxErrorsSchema,
  create: (args, { stepIndex }) =>
    maxErrors({ count: valueAtStep(args.count, stepIndex), stoppingScope: args.stopping_scope }),
});

constraints.register({
  ...origin,
  kind: "max_requests",
  summary: "Send no more requests than this.",
  argsSchema: schemas.MaxRequestsSchema,
  create: (args, { stepIndex }) =>
    maxRequests({ count: valueAtStep(args.count, stepIndex), stoppingScope: args.stopping_scope }),
});

constraints.register({
  ...origin,
  kind: "min_requests",
  summary: "Stop once this many requests are done, the load staying full until then.",
  argsSchema: schemas.MinRequestsSchema,
  create: (args, { stepIndex }) =>
    minRequests({ count: valueAtStep(args.count, stepIndex), stoppingScope: args.stopping_scope }),
});

constraints.register({
  ...origin,
  kind: "max_duration",
  summary: "Stop after this many seconds.",
  argsSchema: schemas.MaxDurationSchema,
  create: (args, { stepIndex }) =>
    maxDuration({ seconds: valueAtStep(args.seconds, stepIndex), stoppingScope: args.stopping_scope }),
});

constraints.register({
  ...origin,
  kind: "max_error_rate",
  summary: "Stop when too many of the latest requests fail.",
  argsSchema: schemas.MaxErrorRateSchema,
  create: ({ rate, window, stopping_scope }, { stepIndex }) =>
    new MaxErrorRate({ rate: valueAtStep(rate, stepIndex), window, stoppingScope: stopping_scope }),
});

constraints.register({
  ...origin,
  kind: "max_global_error_rate",
  summary: "Stop when too many requests fail.",
  argsSchema: schemas.MaxGlobalErrorRateSchema,
  create: ({ rate, minimum, stopping_scope }, { stepIndex }) =>
    new MaxGlobalErrorRate({ rate: valueAtStep(rate, stepIndex), minimum, stoppingScope: stopping_scope }),
});

constraints.register({
  ...origin,
  kind: "over_saturation",
  summary: "Stop when the server falls behind.",
  argsSchema: schemas.OverSaturationSchema,
  create: (args) =>
    new OverSaturationConstraint(createDetector(args), { mode: args.mode, stoppingScope: args.stopping_scope }),
});

function createDetector(args: v.InferOutput<typeof schemas.OverSaturationSchema>): OverSaturationDetector {
  if (args.detector === "backlog") {
    return new BacklogDetector({
      minSeconds: args.min_seconds ?? 10,
      maxWindowSeconds: args.max_window_seconds,
      minimumWindowSize: args.minimum_window_size ?? 10,
    });
  }
  return new SlopeDetector({
    minSeconds: args.min_seconds ?? 30,
    maxWindowSeconds: args.max_window_seconds,
    moeThreshold: args.moe_threshold,
    minimumTtft: args.minimum_ttft,
    maximumWindowRatio: args.maximum_window_ratio,
    minimumWindowSize: args.minimum_window_size ?? 5,
    confidence: args.confidence,
  });
}
