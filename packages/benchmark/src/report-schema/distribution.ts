import { GROUPS, PERCENTILES } from "@core/metrics";
import * as v from "valibot";
import { CountSchema, NullableNumberSchema, NumberSchema, sameForEach } from "./numbers.js";

const PERCENTILE_NAMES = PERCENTILES.map(([name]) => name);
const STATES = [...GROUPS, "total"] as const;

const interval = v.pipe(v.strictObject({ lower: NumberSchema, upper: NumberSchema }), v.title("interval"));
/** A confidence interval, both ends included. */
export const IntervalSchema = v.lazy(() => interval);

/** A confidence interval, or null where the sample cannot bound the value. */
export const NullableIntervalSchema = v.nullable(IntervalSchema);

const distribution = v.pipe(
  v.strictObject({
    mean: NullableNumberSchema,
    median: NullableNumberSchema,
    mode: NullableNumberSchema,
    variance: NullableNumberSchema,
    std_dev: NullableNumberSchema,
    min: NullableNumberSchema,
    max: NullableNumberSchema,
    count: CountSchema,
    total_sum: NumberSchema,
    percentiles: sameForEach(PERCENTILE_NAMES, NullableNumberSchema),
    pdf: v.null(),
    mean_ci: NullableIntervalSchema,
    percentile_cis: v.nullable(sameForEach(PERCENTILE_NAMES, NullableIntervalSchema)),
    undefined_count: CountSchema,
  }),
  v.title("distribution"),
);

/** A distribution; written once in the JSON Schema and referred to. */
export const DistributionSchema = v.lazy(() => distribution);

const byState = v.pipe(sameForEach(STATES, DistributionSchema), v.title("distribution_by_state"));

/** A distribution for each final state; written once in the JSON Schema and referred to. */
export const StatusDistributionSchema = v.lazy(() => byState);

/** A number of requests for each final state. */
export const StatusCountsSchema = sameForEach(STATES, CountSchema);
