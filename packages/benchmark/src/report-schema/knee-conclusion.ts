import * as v from "valibot";
import { IntervalSchema, NullableIntervalSchema } from "./distribution.js";
import { CountSchema, NullableNumberSchema, NumberSchema } from "./numbers.js";

const KneeSchema = v.strictObject({
  status: v.picklist(["ok", "no_knee"]),
  reason: v.nullable(v.string()),
  knee: v.pipe(NullableNumberSchema, v.description("Streams, not necessarily whole.")),
  saturation_concurrency: v.pipe(NullableNumberSchema, v.description("First measured level at or above the knee.")),
  breakpoint_concurrency: NullableNumberSchema,
  pre_slope: NullableNumberSchema,
  tail_slope: NullableNumberSchema,
  slope_ratio: NullableNumberSchema,
  fit_improvement: NullableNumberSchema,
  throughput_fraction: NullableNumberSchema,
});

const KneeIntervalSchema = v.strictObject({
  confidence: NumberSchema,
  interval: v.pipe(
    NullableIntervalSchema,
    v.description("Of the knee, in streams; null when less than 90 % of the resamples have one."),
  ),
  found_share: v.pipe(NumberSchema, v.description("Share of the resamples that have a knee.")),
  resamples: CountSchema,
  levels: v.pipe(
    v.array(v.strictObject({ streams: CountSchema, throughput: NumberSchema, interval: IntervalSchema })),
    v.description("Mean throughput of each measured level, tokens per second, with its interval."),
  ),
});

const SaturationSchema = v.strictObject({
  status: v.picklist(["unavailable", "not_detected", "detected", "inconsistent"]),
  previous_safe_concurrency: NullableNumberSchema,
  first_oversaturated_concurrency: NullableNumberSchema,
  points: v.array(
    v.strictObject({
      concurrency: CountSchema,
      is_over_saturated: v.nullable(v.boolean()),
      figures: v.record(v.string(), NumberSchema),
    }),
  ),
});

const AssessmentSchema = v.strictObject({
  status: v.string(),
  selection_center: NullableNumberSchema,
  selection_lower: NullableNumberSchema,
  selection_upper: NullableNumberSchema,
});

const analysis = v.pipe(
  v.strictObject({
    throughput_knee: KneeSchema,
    throughput_knee_interval: KneeIntervalSchema,
    throughput_knee_log: KneeSchema,
    over_saturation: SaturationSchema,
    assessment: AssessmentSchema,
    still_rising: v.boolean(),
  }),
  v.title("knee_analysis"),
);

const AnalysisSchema = v.lazy(() => analysis);

const PlanSchema = v.strictObject({
  status: v.picklist(["planned", "skipped"]),
  reason: v.nullable(v.string()),
  concurrencies: v.array(CountSchema),
  selection_center: NullableNumberSchema,
  anchor: NullableNumberSchema,
  step: NullableNumberSchema,
  candidate_concurrencies: v.array(CountSchema),
  excluded_concurrencies: v.array(CountSchema),
});

/** The answer of the profile `knee`. */
export const KneeConclusionSchema = v.strictObject({
  kind: v.literal("knee_detection"),
  summary: v.array(v.string()),
  initial: AnalysisSchema,
  adaptive_plan: PlanSchema,
  final: AnalysisSchema,
});
