import { booleanField, choiceField, integerField, nullable, numberField, withDefault } from "@core/registry";
import * as v from "valibot";
import { BUILT_IN_WARNINGS } from "./warnings/warning-rule.js";
import { warningRulesField } from "./warnings/warning-rules-field.js";
import { WINDOW_POLICIES } from "./window-members.js";

const limit = (what: string) => nullable(numberField(`Limit of ${what}, in milliseconds.`, { exclusiveMinimum: 0 }));

/** Objectives every request is held against. */
const ObjectivesSchema = v.strictObject({
  ttft_ms: limit("the time to first token"),
  tpot_ms: limit("the mean time between output tokens, the first excluded"),
  e2el_ms: limit("the whole request"),
});

/** Fields of `generative`. */
export const GenerativeMetricsSchema = v.strictObject({
  kind: v.literal("generative"),
  sample_size: v.optional(
    v.nullable(
      integerField(
        "Requests of each final state whose texts are kept; null keeps all, 0 none. Numbers are always kept.",
      ),
    ),
    20,
  ),
  prefer_response_metrics: withDefault(
    booleanField("Token counts come from the server where it gives them; false counts with the tokenizer."),
    true,
  ),
  confidence: v.optional(
    v.nullable(
      numberField("Confidence level of the intervals; null leaves them out.", {
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
      }),
    ),
    0.95,
  ),
  window_policy: withDefault(
    choiceField(
      "Requests of the measurement window: overlap (its measured part lies inside) or started (sent inside).",
      WINDOW_POLICIES,
    ),
    "overlap",
  ),
  slo: v.optional(
    v.nullable(v.pipe(ObjectivesSchema, v.description("Objectives for goodput: ttft_ms, tpot_ms, e2el_ms."))),
    null,
  ),
  warnings: withDefault(
    warningRulesField("Rules that a benchmark is held against; a list given replaces the built-in ones."),
    BUILT_IN_WARNINGS,
  ),
});

/** Args of `generative`. */
export type GenerativeMetricsArgs = v.InferOutput<typeof GenerativeMetricsSchema>;
