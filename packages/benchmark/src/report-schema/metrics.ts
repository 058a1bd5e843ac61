import { type GenerativeMetrics, METRIC_CATALOGUE } from "@core/metrics";
import * as v from "valibot";
import {
  DistributionSchema,
  NullableIntervalSchema,
  StatusCountsSchema,
  StatusDistributionSchema,
} from "./distribution.js";
import { CountSchema, NullableNumberSchema, NumberSchema, sameForEach } from "./numbers.js";

const SIDES = ["input", "output", "total"] as const;
const ASPECTS = SIDES.flatMap((side) => [side, `${side}_per_second`, `${side}_concurrency`] as const);

const modality = v.pipe(sameForEach(ASPECTS, v.nullable(StatusDistributionSchema)), v.title("modality_counter"));
const ModalitySchema = v.lazy(() => modality);

const PART = {
  request_totals: StatusCountsSchema,
  request_latency: StatusDistributionSchema,
  prompt_token_count: StatusDistributionSchema,
  time_to_first_token_ms: StatusDistributionSchema,
  inter_token_latency_ms: StatusDistributionSchema,
};
const TurnSchema = v.strictObject({ turn_index: CountSchema, ...PART });
const ClassSchema = v.strictObject({ traffic_class: v.string(), ...PART });

const ObjectiveSchema = v.strictObject({
  objective: v.picklist(["ttft_ms", "tpot_ms", "e2el_ms"]),
  limit_ms: NumberSchema,
  determined_requests: CountSchema,
  conforming_requests: CountSchema,
  attainment: NullableNumberSchema,
  attainment_ci: NullableIntervalSchema,
  missing_requests: CountSchema,
  missing_by_cause: v.record(v.string(), CountSchema),
});

const ObjectiveOutcomeSchema = v.strictObject({
  objective: v.string(),
  verdict: v.picklist(["met", "missed", "undecided", "unmeasured"]),
  problem: v.nullable(v.string()),
  target: NullableNumberSchema,
  determined_requests: CountSchema,
  conforming_requests: CountSchema,
  effective_requests: NumberSchema,
  attainment: NullableNumberSchema,
  attainment_ci: NullableIntervalSchema,
  value_ms: NullableNumberSchema,
  value_ci: NullableIntervalSchema,
  value_se_ms: NullableNumberSchema,
  undetermined_requests: v.record(v.string(), CountSchema),
  cut_requests: CountSchema,
  cut_late_requests: CountSchema,
});

/** Metrics that are no distribution for each final state. */
const OTHER_SHAPES = {
  request_totals: StatusCountsSchema,
  request_dispatch_delay: v.nullable(StatusDistributionSchema),
  request_scheduled_latency: v.nullable(StatusDistributionSchema),
  turn_predecessor_delay: v.nullable(StatusDistributionSchema),
  turn_scheduling_delay: v.nullable(StatusDistributionSchema),
  root_dispatch_delay: v.nullable(DistributionSchema),
  text: sameForEach(["tokens", "words", "characters"], ModalitySchema),
  image: sameForEach(["tokens", "images", "pixels", "bytes"], ModalitySchema),
  video: sameForEach(["tokens", "frames", "seconds", "bytes"], ModalitySchema),
  audio: sameForEach(["tokens", "samples", "seconds", "bytes"], ModalitySchema),
  tool_call: sameForEach(["tokens", "mixed_tokens", "count"], ModalitySchema),
  turns: v.nullable(v.array(TurnSchema)),
  classes: v.nullable(v.array(ClassSchema)),
  slo_attainment: NullableNumberSchema,
  slo_determined_requests: CountSchema,
  request_goodput: v.nullable(StatusDistributionSchema),
  slo_attainment_from_intended: NullableNumberSchema,
  request_goodput_from_intended: v.nullable(StatusDistributionSchema),
  slo_attainment_ci: NullableIntervalSchema,
  slo_undetermined_requests: CountSchema,
  slo_objectives: v.nullable(v.array(ObjectiveSchema)),
  slo_effective_requests: NumberSchema,
  slo_cut_requests: CountSchema,
  slo_cut_late_requests: CountSchema,
  objectives: v.nullable(v.array(ObjectiveOutcomeSchema)),
  estimated_output_token_requests: StatusCountsSchema,
} as const satisfies Partial<Record<keyof GenerativeMetrics, v.GenericSchema>>;

/** Metrics of a benchmark: the keys of the catalogue with its units and meanings. */
export const MetricsSchema = v.strictObject(
  Object.fromEntries(
    Object.entries(METRIC_CATALOGUE).map(([key, { unit, meaning }]) => {
      const schema: v.GenericSchema = Object.hasOwn(OTHER_SHAPES, key)
        ? OTHER_SHAPES[key as keyof typeof OTHER_SHAPES]
        : StatusDistributionSchema;
      return [key, v.pipe(schema, v.description(`${meaning} Unit: ${unit}.`))];
    }),
  ),
);
