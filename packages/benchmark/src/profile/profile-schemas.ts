import {
  booleanField,
  choiceField,
  defineField,
  integerField,
  nullable,
  numberField,
  numberListField,
  textField,
  withDefault,
} from "@core/registry";
import { ARRIVALS, concurrencyUnitField, pacingFields, SCHEDULE_TURNS } from "@core/scheduler";
import * as v from "valibot";
import { burstiness, commonFields, maxConcurrency, phaseFields, rampedFields, rates } from "./profile-fields.js";

const rated = { rate: rates, max_concurrency: maxConcurrency, ...pacingFields, ...rampedFields };

/** One request at a time. */
export const SynchronousProfileSchema = v.strictObject({ kind: v.literal("synchronous"), ...commonFields });

/** A fixed number of streams, each sending its next request when the last one ended. */
export const ConcurrentProfileSchema = v.strictObject({
  kind: v.literal("concurrent"),
  streams: numberListField("Streams at once; a list runs one benchmark for each.", {
    exclusiveMinimum: 0,
    integer: true,
  }),
  ...concurrencyUnitField,
  ...rampedFields,
});

/** As many requests as allowed. */
export const ThroughputProfileSchema = v.strictObject({
  kind: v.literal("throughput"),
  max_concurrency: nullable(
    integerField("Most requests in flight; null is the limit of the backend or of the client.", {
      exclusiveMinimum: 0,
    }),
  ),
  ...concurrencyUnitField,
  ...rampedFields,
});

/** Evenly spaced arrivals at given rates. */
export const ConstantProfileSchema = v.strictObject({ kind: v.literal("constant"), ...rated });

/** Random arrivals (exponential gaps) at given rates. */
export const PoissonProfileSchema = v.strictObject({ kind: v.literal("poisson"), ...rated });

/** Random arrivals (gamma gaps) at given rates. */
export const GammaProfileSchema = v.strictObject({ kind: v.literal("gamma"), burstiness, ...rated });

/** Closed loop, saturation, then rates in between. */
export const SweepProfileSchema = v.strictObject({
  kind: v.literal("sweep"),
  sweep_size: withDefault(
    integerField("Number of benchmarks: synchronous, throughput, and the rates between them.", { minimum: 2 }),
    10,
  ),
  capacity_steps: withDefault(
    integerField("More benchmarks that close in on the rate that the server keeps up with.", { minimum: 0 }),
    0,
  ),
  strategy_type: withDefault(choiceField("Arrivals of the steps at a rate.", ARRIVALS), "constant"),
  burstiness,
  max_concurrency: withDefault(
    integerField("Most requests in flight in the throughput step and the steps at a rate.", { exclusiveMinimum: 0 }),
    512,
  ),
  ...rampedFields,
});

/** Recorded arrivals. */
export const ReplayProfileSchema = v.strictObject({
  kind: v.literal("replay"),
  time_scale: withDefault(numberField("Factor on all recorded intervals.", { exclusiveMinimum: 0 }), 1),
  schedule_turn: withDefault(
    choiceField("What later turns keep of the recording: the pauses, or the instants.", SCHEDULE_TURNS),
    "idle_gap",
  ),
  ...commonFields,
});

/** Arrivals of an earlier run. */
export const RecordedProfileSchema = v.strictObject({
  kind: v.literal("recorded"),
  path: textField("Report of the run (benchmarks.json); one benchmark for each of its benchmarks."),
  max_concurrency: maxConcurrency,
  ...pacingFields,
  ...phaseFields,
});

/** Search for the most streams that meet the objectives. */
export const GoodputProfileSchema = v.pipe(
  v.strictObject({
    kind: v.literal("goodput"),
    target_attainment: withDefault(
      numberField("Share of requests that must meet the objectives.", { exclusiveMinimum: 0, exclusiveMaximum: 1 }),
      0.95,
    ),
    initial_streams: withDefault(integerField("Streams of the first probe.", { exclusiveMinimum: 0 }), 4),
    max_streams: withDefault(integerField("Most streams ever probed.", { exclusiveMinimum: 0 }), 1024),
    tolerance: withDefault(
      numberField("Relative width of the bracket at which the search ends.", { exclusiveMinimum: 0, maximum: 1 }),
      0.1,
    ),
    max_probes: withDefault(integerField("Most probes.", { exclusiveMinimum: 0 }), 15),
    confidence: withDefault(
      numberField("Confidence of the interval of each probe.", { minimum: 0.5, maximum: 0.999 }),
      0.95,
    ),
    ...rampedFields,
  }),
  v.check((args) => args.initial_streams <= args.max_streams, "initial_streams must not exceed max_streams"),
);

const points = defineField<readonly number[]>(
  "Streams to measure: at least five, strictly increasing.",
  {
    typeText: "list of int > 0",
    jsonSchema: { type: "array", items: { type: "integer", exclusiveMinimum: 0 }, minItems: 5 },
  },
  (input) => {
    const rising =
      Array.isArray(input) &&
      input.every((entry, at) => Number.isInteger(entry) && entry > (at === 0 ? 0 : input[at - 1]));
    return rising && input.length >= 5
      ? { value: input }
      : { problem: "must be at least five strictly increasing whole numbers > 0" };
  },
);

/** Search for the knee of throughput over streams. */
export const KneeProfileSchema = v.pipe(
  v.strictObject({
    kind: v.literal("knee"),
    initial_streams: nullable(points),
    min_streams: nullable(integerField("Fewest streams of an even spacing.", { exclusiveMinimum: 0 })),
    max_streams: nullable(integerField("Most streams of an even spacing.", { exclusiveMinimum: 0 })),
    count: nullable(integerField("Points of an even spacing.", { minimum: 5 })),
    adaptive: withDefault(booleanField("Measure more points around the knee."), false),
    points_each_side: withDefault(integerField("Additional points on either side.", { exclusiveMinimum: 0 }), 5),
    max_step: withDefault(integerField("Largest distance between additional points.", { exclusiveMinimum: 0 }), 5),
    ...rampedFields,
  }),
  v.check((args) => {
    const spacing = [args.min_streams, args.max_streams, args.count].filter((value) => value !== null).length;
    return args.initial_streams === null ? spacing === 3 : spacing === 0;
  }, "give either initial_streams, or all of min_streams, max_streams and count"),
  v.check(
    ({ min_streams, max_streams, count }) =>
      min_streams === null || max_streams === null || count === null || max_streams - min_streams >= count - 1,
    "max_streams must leave room for count different whole numbers from min_streams on",
  ),
);
