import type { StrategyArgs } from "@core/scheduler";
import type * as v from "valibot";
import { VERSION } from "../version.js";
import { FixedProfile } from "./fixed-profile.js";
import type { Profile } from "./profile.js";
import * as schemas from "./profile-schemas.js";
import { type ProfileDependencies, profiles } from "./profiles.js";
import { SweepProfile } from "./sweep-profile.js";

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
      args.streams.map((streams) => ({ type_: "concurrent", streams, rampup_duration: args.rampup_duration })),
    ),
});

profiles.register({
  ...origin,
  kind: "throughput",
  summary: "As many requests at once as allowed.",
  argsSchema: schemas.ThroughputProfileSchema,
  create: (args) =>
    new FixedProfile([
      { type_: "throughput", max_concurrency: args.max_concurrency, rampup_duration: args.rampup_duration },
    ]),
});

profiles.register({
  ...origin,
  kind: "constant",
  aliases: ["async"],
  summary: "Evenly spaced arrivals at one or several rates.",
  argsSchema: schemas.ConstantProfileSchema,
  create: (args) =>
    new FixedProfile(args.rate.map((rate): StrategyArgs => ({ type_: "constant", ...paced(args, rate) }))),
});

profiles.register({
  ...origin,
  kind: "poisson",
  summary: "Random arrivals with exponential gaps at one or several rates.",
  argsSchema: schemas.PoissonProfileSchema,
  create: (args, { seed }) =>
    new FixedProfile(
      args.rate.map((rate): StrategyArgs => ({ type_: "poisson", ...paced(args, rate), random_seed: seed })),
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
      strategyType: args.strategy_type,
      maxConcurrency: args.max_concurrency,
      rampupDurationSeconds: args.rampup_duration,
      seed,
    }),
});

registerUnbuilt("replay", "Recorded arrivals.", schemas.ReplayProfileSchema);
registerUnbuilt("goodput", "Search for the most streams that meet the objectives.", schemas.GoodputProfileSchema);
registerUnbuilt("knee", "Search for the knee of throughput over streams.", schemas.KneeProfileSchema);

function paced(args: { readonly max_concurrency: number | null; readonly rampup_duration: number }, rate: number) {
  return { rate, max_concurrency: args.max_concurrency, rampup_duration: args.rampup_duration };
}

function registerUnbuilt<K extends string>(
  kind: K,
  summary: string,
  argsSchema: v.GenericSchema<unknown, { readonly kind: K }>,
): void {
  profiles.register<K, { readonly kind: K }>({
    ...origin,
    kind,
    summary,
    argsSchema,
    available: false,
    create: unreachable,
  });
}

function unreachable(args: { readonly kind: string }, _dependencies: ProfileDependencies): Profile {
  throw new Error(`The profile ${args.kind} is registered as not built, so the registry never calls this.`);
}
