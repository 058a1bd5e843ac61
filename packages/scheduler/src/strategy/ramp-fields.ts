import { choiceField, nullable, numberField, withDefault } from "@core/registry";
import { RAMP_SHAPES } from "./ramp.js";

/** Fields of a ramp, for strategies and for the profiles that pass them on. */
export const rampFields = {
  rampup_duration: withDefault(numberField("Seconds over which the load rises to its full height.", { minimum: 0 }), 0),
  rampup_shape: withDefault(
    choiceField("How it rises: by the same amount or by the same factor in every second.", RAMP_SHAPES),
    "linear",
  ),
  rampup_start: nullable(
    numberField("Share of the full load at which it starts; null is nothing for linear, 0.01 for exponential.", {
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
    }),
  ),
};
