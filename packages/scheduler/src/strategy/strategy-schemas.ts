import {
  booleanField,
  choiceField,
  integerField,
  listField,
  nullable,
  numberField,
  readNumber,
  withDefault,
} from "@core/registry";
import * as v from "valibot";
import { concurrencyUnitField, pacingFields } from "./pacing-fields.js";
import { rampFields } from "./ramp-fields.js";
import { rateSegmentsField } from "./rate-segments-field.js";
import { ARRIVALS } from "./strategy-args.js";
import { SCHEDULE_TURNS } from "./turn-due.js";

const max_concurrency = nullable(integerField("Most requests in flight; null is unlimited.", { minimum: 1 }));
const rate = numberField("Requests per second.", { exclusiveMinimum: 0 });
const random_seed = withDefault(integerField("Seed of the arrival times."), 42);
const burstiness = withDefault(
  numberField("Shape of gamma gaps: below 1 burstier than Poisson, above 1 smoother.", { exclusiveMinimum: 0 }),
  1,
);
const varying = {
  arrivals: withDefault(choiceField("Gaps between arrivals.", ARRIVALS), "constant"),
  burstiness,
  max_concurrency,
  random_seed,
  ...pacingFields,
};

/** Fields of the strategy `synchronous`. */
export const SynchronousSchema = v.strictObject({ kind: v.literal("synchronous") });

/** Fields of the strategy `concurrent`. */
export const ConcurrentSchema = v.strictObject({
  kind: v.literal("concurrent"),
  streams: integerField("Requests in flight at any time.", { minimum: 1 }),
  ...concurrencyUnitField,
  ...rampFields,
});

/** Fields of the strategy `throughput`. */
export const ThroughputSchema = v.strictObject({
  kind: v.literal("throughput"),
  max_concurrency,
  ...concurrencyUnitField,
  ...rampFields,
});

/** Fields of the strategy `constant`. */
export const ConstantSchema = v.strictObject({
  kind: v.literal("constant"),
  rate,
  max_concurrency,
  ...pacingFields,
  ...rampFields,
});

/** Fields of the strategy `poisson`. */
export const PoissonSchema = v.strictObject({
  kind: v.literal("poisson"),
  rate,
  max_concurrency,
  random_seed,
  ...pacingFields,
  ...rampFields,
});

/** Fields of the strategy `gamma`. */
export const GammaSchema = v.strictObject({
  kind: v.literal("gamma"),
  rate,
  burstiness,
  max_concurrency,
  random_seed,
  ...pacingFields,
  ...rampFields,
});

/** Fields of the strategy `steps`. */
export const StepsSchema = v.pipe(
  v.strictObject({
    kind: v.literal("steps"),
    segments: rateSegmentsField("Pieces of the rate, one after the other."),
    repeat: withDefault(booleanField("Begin again after the last piece."), false),
    ...varying,
  }),
  v.check(
    ({ segments }) => segments.some((segment) => segment.rate + segment.end_rate > 0),
    "segments must have a rate above 0 somewhere",
  ),
);

/** Fields of the strategy `sine`. */
export const SineSchema = v.strictObject({
  kind: v.literal("sine"),
  rate,
  amplitude: numberField("Largest distance from the mean, as a share of it.", { minimum: 0, maximum: 1 }),
  period: numberField("Seconds from one crest to the next.", { exclusiveMinimum: 0 }),
  ...varying,
});

const offset = { typeText: "number >= 0", jsonSchema: { type: "number", minimum: 0 } };

/** Fields of the strategy `recorded`. */
export const RecordedSchema = v.pipe(
  v.strictObject({
    kind: v.literal("recorded"),
    offsets: listField("Seconds after the start of each request, not descending.", {
      ...offset,
      read: (input) => readNumber(input, { minimum: 0 }),
    }),
    max_concurrency,
    ...pacingFields,
  }),
  v.check(
    ({ offsets }) => offsets.length > 0 && offsets.every((seconds, at) => seconds >= (offsets[at - 1] ?? 0)),
    "offsets must be at least one, and not descend",
  ),
);

/** Fields of the strategy `trace`. */
export const TraceSchema = v.strictObject({
  kind: v.literal("trace"),
  time_scale: numberField("Factor on all recorded intervals.", { exclusiveMinimum: 0 }),
  schedule_turn: choiceField("What later turns keep of the recording.", SCHEDULE_TURNS),
  max_concurrency,
});
