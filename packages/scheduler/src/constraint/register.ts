import { RegistryError } from "@core/registry";
import type * as v from "valibot";
import { VERSION } from "../version.js";
import * as schemas from "./constraint-schemas.js";
import { constraints, valueAtStep } from "./constraints.js";
import { maxErrors, maxRequests, minRequests } from "./count-constraint.js";
import { maxDuration } from "./duration-constraint.js";

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

registerUnbuilt("max_error_rate", "Stop when too many of the latest requests fail.", schemas.MaxErrorRateSchema);
registerUnbuilt("max_global_error_rate", "Stop when too many requests fail.", schemas.MaxGlobalErrorRateSchema);
registerUnbuilt("over_saturation", "Stop when the server falls behind.", schemas.OverSaturationSchema);

function registerUnbuilt<K extends string>(
  kind: K,
  summary: string,
  argsSchema: v.GenericSchema<unknown, { readonly kind: K }>,
): void {
  constraints.register<K, { readonly kind: K }>({
    ...origin,
    kind,
    summary,
    argsSchema,
    available: false,
    create: () => {
      throw new RegistryError(`The constraint ${kind} is not built yet.`, { code: "CORE_REGISTRY_NOT_BUILT" });
    },
  });
}
