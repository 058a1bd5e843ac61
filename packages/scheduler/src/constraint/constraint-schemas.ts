import { choiceField, integerField, nullable, numberField, numberListField, withDefault } from "@core/registry";
import * as v from "valibot";

const stopping_scope = withDefault(
  choiceField("Whether reaching the limit ends this benchmark only, or the remaining ones of the profile too.", [
    "current",
    "all",
  ]),
  "current",
);
const count = numberListField("Number of requests; a list gives one value per benchmark, the last one repeats.", {
  exclusiveMinimum: 0,
});
const errorRate = numberListField("Share of failed requests; a list gives one value per benchmark.", {
  exclusiveMinimum: 0,
  exclusiveMaximum: 1,
});

function atLeastZero(description: string, fallback: number) {
  return withDefault(numberField(description, { minimum: 0 }), fallback);
}

/** Fields of `max_requests`. */
export const MaxRequestsSchema = v.strictObject({ kind: v.literal("max_requests"), count, stopping_scope });

/** Fields of `min_requests`. */
export const MinRequestsSchema = v.strictObject({ kind: v.literal("min_requests"), count, stopping_scope });

/** Fields of `max_errors`. */
export const MaxErrorsSchema = v.strictObject({ kind: v.literal("max_errors"), count, stopping_scope });

/** Fields of `max_duration`. */
export const MaxDurationSchema = v.strictObject({
  kind: v.literal("max_duration"),
  seconds: numberListField("Seconds after the start; a list gives one value per benchmark, the last one repeats.", {
    exclusiveMinimum: 0,
  }),
  stopping_scope,
});

/** Fields of `max_error_rate`. */
export const MaxErrorRateSchema = v.strictObject({
  kind: v.literal("max_error_rate"),
  rate: errorRate,
  window: withDefault(numberField("Number of latest requests looked at.", { exclusiveMinimum: 0 }), 30),
  stopping_scope,
});

/** Fields of `max_global_error_rate`. */
export const MaxGlobalErrorRateSchema = v.strictObject({
  kind: v.literal("max_global_error_rate"),
  rate: errorRate,
  minimum: v.optional(
    v.nullable(
      numberField("Requests that must be done before the rate counts; null is none.", { exclusiveMinimum: 0 }),
    ),
    30,
  ),
  stopping_scope,
});

/** Fields of `over_saturation`. */
export const OverSaturationSchema = v.strictObject({
  kind: v.literal("over_saturation"),
  mode: withDefault(choiceField("Stop on saturation, or only report it.", ["enforce", "monitor"]), "enforce"),
  detector: withDefault(
    choiceField(
      "backlog: ever more requests wait for their first token, fewer get one than the rate asks for (open loops only). slope: the test of GuideLLM.",
      ["backlog", "slope"],
    ),
    "backlog",
  ),
  min_seconds: nullable(
    numberField("Seconds before the first alert; null is 10, with the slope detector 30.", { minimum: 0 }),
  ),
  max_window_seconds: atLeastZero("Seconds of the past that are looked at.", 120),
  moe_threshold: atLeastZero("Slope detector: largest relative margin of error of a slope that counts.", 2),
  minimum_ttft: atLeastZero("Slope detector: seconds to the first token above which a request counts as slow.", 2.5),
  maximum_window_ratio: withDefault(
    numberField("Slope detector: largest share of all points ever seen that is looked at.", { minimum: 0, maximum: 1 }),
    0.75,
  ),
  minimum_window_size: nullable(
    integerField("Fewest points for a decision; null is 10, with the slope detector 5.", { minimum: 0 }),
  ),
  confidence: withDefault(
    numberField("Slope detector: confidence level, two-sided.", { minimum: 0, maximum: 1 }),
    0.95,
  ),
  stopping_scope,
});
