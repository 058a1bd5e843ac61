import { choiceField, numberField, withDefault } from "@core/registry";
import { DEFAULT_BEHIND_WINDOW, LOAD_UNITS, WHEN_BEHIND } from "./pacing.js";

/** What is bounded, for strategies and for the profiles that pass it on. */
export const concurrencyUnitField = {
  concurrency_unit: withDefault(
    choiceField("What the bound counts: requests in flight, or conversations that are not over.", LOAD_UNITS),
    "request",
  ),
};

/** Fields of the pace of an open loop, for strategies and for the profiles that pass them on. */
export const pacingFields = {
  ...concurrencyUnitField,
  rate_unit: withDefault(
    choiceField(
      "What the rate starts: requests, or conversations, whose later turns follow by themselves.",
      LOAD_UNITS,
    ),
    "request",
  ),
  when_behind: withDefault(
    choiceField(
      "Late requests: send all of them at once, move the rest of the schedule, or give them up and count them.",
      WHEN_BEHIND,
    ),
    "keep",
  ),
  behind_window: withDefault(
    numberField("Seconds of lateness that catch_up and drop put up with.", { minimum: 0 }),
    DEFAULT_BEHIND_WINDOW,
  ),
};
