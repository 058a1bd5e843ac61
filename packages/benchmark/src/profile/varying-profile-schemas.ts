import { booleanField, numberField, withDefault } from "@core/registry";
import { pacingFields, rateSegmentsField } from "@core/scheduler";
import * as v from "valibot";
import { arrivals, burstiness, maxConcurrency, phaseFields, rates } from "./profile-fields.js";

const varying = { arrivals, burstiness, max_concurrency: maxConcurrency, ...pacingFields, ...phaseFields };

/** A rate given piece by piece. */
export const StepsProfileSchema = v.pipe(
  v.strictObject({
    kind: v.literal("steps"),
    segments: rateSegmentsField(
      "Pieces one after the other: seconds, requests per second, and end_rate where the rate moves.",
    ),
    repeat: withDefault(booleanField("Begin again after the last piece; otherwise the benchmark ends with it."), false),
    ...varying,
  }),
  v.check(
    ({ segments }) => segments.some((segment) => segment.rate + segment.end_rate > 0),
    "segments must have a rate above 0 somewhere",
  ),
);

/** Bursts and pauses in turn. */
export const OnOffProfileSchema = v.strictObject({
  kind: v.literal("on_off"),
  rate: rates,
  on_seconds: numberField("Length of a burst.", { exclusiveMinimum: 0 }),
  off_seconds: numberField("Length of a pause.", { exclusiveMinimum: 0 }),
  off_rate: withDefault(numberField("Requests per second in a pause.", { minimum: 0 }), 0),
  ...varying,
});

/** A rate that swings around its mean. */
export const SineProfileSchema = v.strictObject({
  kind: v.literal("sine"),
  rate: rates,
  amplitude: withDefault(
    numberField("Largest distance from the mean, as a share of it.", { minimum: 0, maximum: 1 }),
    0.5,
  ),
  period: numberField("Seconds from one crest to the next.", { exclusiveMinimum: 0 }),
  ...varying,
});
