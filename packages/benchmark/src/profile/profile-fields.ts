import { choiceField, integerField, nullable, numberField, numberListField, withDefault } from "@core/registry";
import { ARRIVALS, rampFields } from "@core/scheduler";
import * as v from "valibot";
import { phaseField } from "./phase.js";

/** Parts of a benchmark that are not measured. */
export const phaseFields = {
  warmup: v.optional(
    phaseField(
      "Part at the start that is not measured: a share (< 1), seconds or requests (>= 1), auto, or {percent, value, mode}.",
    ),
    null,
  ),
  cooldown: v.optional(
    phaseField(
      "Part at the end that is not measured: a share (< 1), seconds or requests (>= 1), auto, or {percent, value, mode}.",
    ),
    null,
  ),
};

/** What GuideLLM's profiles share; the ones without a ramp accept its length and have no use for it. */
export const commonFields = { rampup_duration: rampFields.rampup_duration, ...phaseFields };

/** What profiles with a ramp share. */
export const rampedFields = { ...rampFields, ...phaseFields };

/** Rates, each of which is one benchmark. */
export const rates = numberListField("Requests per second; a list runs one benchmark for each.", {
  exclusiveMinimum: 0,
});

/** Cap of an open loop. */
export const maxConcurrency = nullable(
  integerField("Most requests in flight; null is unlimited.", { exclusiveMinimum: 0 }),
);

/** Shape of gamma gaps. */
export const burstiness = withDefault(
  numberField("Shape of gamma gaps: 1 is Poisson, below 1 burstier, above 1 smoother.", { exclusiveMinimum: 0 }),
  1,
);

/** Which gaps arrivals have. */
export const arrivals = withDefault(choiceField("Gaps between arrivals.", ARRIVALS), "constant");
