import { choiceField, integerField, nullable, numberField, withDefault } from "@core/registry";
import { ARRIVALS, rampFields } from "@core/scheduler";
import * as v from "valibot";
import { phaseField } from "./phase.js";
import { burstiness, maxConcurrency, phaseFields } from "./profile-fields.js";

const level = (what: string) => nullable(numberField(what, { exclusiveMinimum: 0 }));

/** Search for the highest load that meets all objectives. */
export const SearchProfileSchema = v.pipe(
  v.strictObject({
    kind: v.literal("search"),
    load: withDefault(
      choiceField("What is searched: streams, or requests per second.", ["streams", "rate"]),
      "streams",
    ),
    initial: level("Level of the first probe; null is 4 streams, 1 request per second."),
    minimum: level("Lowest level ever probed; null is 1 stream, 0.01 requests per second."),
    maximum: level("Highest level ever probed; null is 1,024 streams, 10,000 requests per second."),
    tolerance: withDefault(
      numberField("Relative width of the bracket at which the search ends.", { exclusiveMinimum: 0, maximum: 1 }),
      0.03,
    ),
    target_attainment: withDefault(
      numberField("Share of requests that must meet the objectives of metrics.slo.", {
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
      }),
      0.95,
    ),
    confidence: withDefault(
      numberField("Confidence of the decision on a level.", { minimum: 0.5, maximum: 0.999 }),
      0.95,
    ),
    max_stretch: withDefault(
      integerField("Longest probe of a level that is hard to decide, in lengths of the first (a power of two).", {
        minimum: 1,
        maximum: 64,
      }),
      8,
    ),
    max_probes: withDefault(integerField("Most probes.", { exclusiveMinimum: 0 }), 60),
    budget_seconds: nullable(numberField("Most seconds of load in all; null is no limit.", { exclusiveMinimum: 0 })),
    arrivals: withDefault(choiceField("Gaps between arrivals, for rates.", ARRIVALS), "poisson"),
    burstiness,
    max_concurrency: maxConcurrency,
    ...rampFields,
    ...phaseFields,
    warmup: v.optional(
      phaseField("Part at the start of each probe that is not measured: it is not yet the steady state."),
      { percent: 0.2, value: null, mode: "prefer_duration" },
    ),
  }),
  v.check(
    ({ load, initial, minimum, maximum }) =>
      load === "rate" || [initial, minimum, maximum].every((value) => value === null || Number.isInteger(value)),
    "initial, minimum and maximum must be whole numbers of streams",
  ),
  v.check(({ load, initial, minimum, maximum }) => {
    const first = initial ?? (load === "streams" ? 4 : 1);
    return first >= (minimum ?? 0) && first <= (maximum ?? Number.POSITIVE_INFINITY);
  }, "initial must lie between minimum and maximum"),
);
