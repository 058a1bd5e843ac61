import type { ARRIVALS, PacingArgs, RampArgs, StrategyArgs } from "@core/scheduler";
import { evenLevels } from "../analysis/even-levels.js";
import { VERSION } from "../version.js";
import { FixedProfile } from "./fixed-profile.js";
import { GoodputProfile } from "./goodput-profile.js";
import { KneeProfile } from "./knee-profile.js";
import { pacingOf, unitOf } from "./pacing-of.js";
import * as schemas from "./profile-schemas.js";
import { profiles } from "./profiles.js";
import { type Arrivals, rampOf, ratedStrategy } from "./rated-strategy.js";
import { readRecordedOffsets } from "./recorded-offsets.js";
import { SearchProfile } from "./search-profile.js";
import { SearchProfileSchema } from "./search-profile-schema.js";
import { SweepProfile } from "./sweep-profile.js";
import * as varying from "./varying-profile-schemas.js";

const origin = { contract: 1, packageName: "@core/benchmark", packageVersion: VERSION } as const;

profiles.register({
  ...origin,
  kind: "synchronous",
  summary: "One request at a time.",
  argsSchema: schemas.SynchronousProfileSchema,
  create: () => new FixedProfile([{ type_: "synchronous" }]),
});

profiles.register({
  ...origin,
  kind: "concurrent",
  summary: "A fixed number of streams, each sending when its last request ended.",
  argsSchema: schemas.ConcurrentProfileSchema,
  create: (args) =>
    new FixedProfile(
      args.streams.map((streams): StrategyArgs => ({ type_: "concurrent", streams, ...rampOf(args), ...unitOf(args) })),
    ),
});

profiles.register({
  ...origin,
  kind: "throughput",
  summary: "As many requests at once as allowed.",
  argsSchema: schemas.ThroughputProfileSchema,
  create: (args) =>
    new FixedProfile([
      { type_: "throughput", max_concurrency: args.max_concurrency, ...rampOf(args), ...unitOf(args) },
    ]),
});

profiles.register({
  ...origin,
  kind: "constant",
  aliases: ["async"],
  summary: "Evenly spaced arrivals at one or several rates.",
  argsSchema: schemas.ConstantProfileSchema,
  create: (args) => rated(args, { type: "constant", burstiness: 1, seed: 0 }),
});

profiles.register({
  ...origin,
  kind: "poisson",
  summary: "Random arrivals with exponential gaps at one or several rates.",
  argsSchema: schemas.PoissonProfileSchema,
  create: (args, { seed }) => rated(args, { type: "poisson", burstiness: 1, seed }),
});

profiles.register({
  ...origin,
  kind: "gamma",
  summary: "Random arrivals with gamma gaps: bursty or smooth.",
  argsSchema: schemas.GammaProfileSchema,
  create: (args, { seed }) => rated(args, { type: "gamma", burstiness: args.burstiness, seed }),
});

profiles.register({
  ...origin,
  kind: "steps",
  summary: "A rate given piece by piece.",
  argsSchema: varying.StepsProfileSchema,
  create: (args, { seed }) =>
    new FixedProfile([{ type_: "steps", segments: args.segments, repeat: args.repeat, ...arriving(args, seed) }]),
});

profiles.register({
  ...origin,
  kind: "on_off",
  summary: "Bursts and pauses in turn.",
  argsSchema: varying.OnOffProfileSchema,
  create: (args, { seed }) =>
    new FixedProfile(
      args.rate.map(
        (rate): StrategyArgs => ({
          type_: "steps",
          segments: [
            { seconds: args.on_seconds, rate, end_rate: rate },
            { seconds: args.off_seconds, rate: args.off_rate, end_rate: args.off_rate },
          ],
          repeat: true,
          ...arriving(args, seed),
        }),
      ),
    ),
});

profiles.register({
  ...origin,
  kind: "sine",
  summary: "A rate that swings around its mean.",
  argsSchema: varying.SineProfileSchema,
  create: (args, { seed }) =>
    new FixedProfile(
      args.rate.map(
        (rate): StrategyArgs => ({
          type_: "sine",
          rate,
          amplitude: args.amplitude,
          period: args.period,
          ...arriving(args, seed),
        }),
      ),
    ),
});

profiles.register({
  ...origin,
  kind: "sweep",
  summary: "One at a time, then saturated, then rates in between.",
  argsSchema: schemas.SweepProfileSchema,
  create: (args, { seed }) =>
    new SweepProfile({
      sweepSize: args.sweep_size,
      capacitySteps: args.capacity_steps,
      load: {
        arrivals: { type: args.strategy_type, burstiness: args.burstiness, seed },
        maxConcurrency: args.max_concurrency,
        ramp: rampOf(args),
      },
    }),
});

profiles.register({
  ...origin,
  kind: "replay",
  summary: "The recorded times of the data.",
  argsSchema: schemas.ReplayProfileSchema,
  create: (args) =>
    new FixedProfile([
      {
        type_: "trace",
        max_concurrency: null,
        time_scale: args.time_scale,
        schedule_turn: args.schedule_turn,
      },
    ]),
});

profiles.register({
  ...origin,
  kind: "goodput",
  summary: "Search for the most streams that meet the objectives.",
  argsSchema: schemas.GoodputProfileSchema,
  create: (args) =>
    new GoodputProfile(
      {
        targetAttainment: args.target_attainment,
        initialStreams: args.initial_streams,
        maxStreams: args.max_streams,
        tolerance: args.tolerance,
        maxProbes: args.max_probes,
        confidence: args.confidence,
      },
      rampOf(args),
    ),
});

profiles.register({
  ...origin,
  kind: "search",
  summary: "Search for the highest number of streams, or rate, that meets all objectives, decided on intervals.",
  argsSchema: SearchProfileSchema,
  create: (args, { seed }) => {
    const whole = args.load === "streams";
    return new SearchProfile(
      {
        whole,
        initial: args.initial ?? (whole ? 4 : 1),
        minimum: args.minimum ?? (whole ? 1 : 0.01),
        maximum: args.maximum ?? (whole ? 1024 : 10_000),
        tolerance: args.tolerance,
        targetAttainment: args.target_attainment,
        confidence: args.confidence,
        maxStretch: args.max_stretch,
        maxProbes: args.max_probes,
        budgetSeconds: args.budget_seconds,
      },
      args.load === "streams"
        ? { load: args.load, ramp: rampOf(args) }
        : {
            load: args.load,
            arrivals: { type: args.arrivals, burstiness: args.burstiness, seed },
            maxConcurrency: args.max_concurrency,
            ramp: rampOf(args),
          },
    );
  },
});

profiles.register({
  ...origin,
  kind: "knee",
  summary: "Search for the knee of throughput over streams.",
  argsSchema: schemas.KneeProfileSchema,
  create: (args, { seed }) =>
    new KneeProfile({
      initialStreams: args.initial_streams ?? evenLevels(args.min_streams ?? 1, args.max_streams ?? 1, args.count ?? 2),
      adaptive: args.adaptive,
      pointsEachSide: args.points_each_side,
      maxStep: args.max_step,
      ramp: rampOf(args),
      seed,
    }),
});

profiles.register({
  ...origin,
  kind: "recorded",
  summary: "The arrivals of an earlier run, from its report.",
  argsSchema: schemas.RecordedProfileSchema,
  create: (args) =>
    new FixedProfile(
      readRecordedOffsets(args.path).map(
        (offsets): StrategyArgs => ({
          type_: "recorded",
          offsets,
          max_concurrency: args.max_concurrency,
          ...pacingOf(args),
        }),
      ),
    ),
});

function rated(
  args: RampArgs & PacingArgs & { readonly rate: readonly number[]; readonly max_concurrency: number | null },
  arrivals: Arrivals,
): FixedProfile {
  const load = { arrivals, maxConcurrency: args.max_concurrency, ramp: rampOf(args), pacing: pacingOf(args) };
  return new FixedProfile(args.rate.map((rate) => ratedStrategy(rate, load)));
}

function arriving(
  args: PacingArgs & {
    readonly arrivals: (typeof ARRIVALS)[number];
    readonly burstiness: number;
    readonly max_concurrency: number | null;
  },
  seed: number,
) {
  const { arrivals, burstiness, max_concurrency } = args;
  return { arrivals, burstiness, max_concurrency, random_seed: seed, ...pacingOf(args) };
}
