import { integerField, nullable, numberField, withDefault } from "@core/registry";
import * as v from "valibot";

const rampup_duration = withDefault(
  numberField("Seconds over which the load grows to its full size.", { minimum: 0 }),
  0,
);
const max_concurrency = nullable(integerField("Most requests in flight; null is unlimited.", { minimum: 1 }));
const rate = numberField("Requests per second.", { exclusiveMinimum: 0 });

/** Fields of the strategy `synchronous`. */
export const SynchronousSchema = v.strictObject({ kind: v.literal("synchronous") });

/** Fields of the strategy `concurrent`. */
export const ConcurrentSchema = v.strictObject({
  kind: v.literal("concurrent"),
  streams: integerField("Requests in flight at any time.", { minimum: 1 }),
  rampup_duration,
});

/** Fields of the strategy `throughput`. */
export const ThroughputSchema = v.strictObject({ kind: v.literal("throughput"), max_concurrency, rampup_duration });

/** Fields of the strategy `constant`. */
export const ConstantSchema = v.strictObject({ kind: v.literal("constant"), rate, max_concurrency, rampup_duration });

/** Fields of the strategy `poisson`. */
export const PoissonSchema = v.strictObject({
  kind: v.literal("poisson"),
  rate,
  max_concurrency,
  random_seed: withDefault(integerField("Seed of the arrival times."), 42),
  rampup_duration,
});
