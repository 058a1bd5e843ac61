import { VERSION } from "../version.js";
import { exponentialGap, gammaGap } from "./arrival-gaps.js";
import { expectedArrivals } from "./expected-arrivals.js";
import { type ConcurrencyUnitArgs, type PacingArgs, pacingOf } from "./pacing.js";
import { PiecewiseRate } from "./piecewise-rate.js";
import { rampedRate, secondsToShare } from "./ramp.js";
import type { RateCurve } from "./rate-curve.js";
import { RenewalArrivals } from "./renewal-arrivals.js";
import type { ClosedSchedule, OpenSchedule } from "./schedule.js";
import { sineSegments } from "./sine-segments.js";
import { strategies } from "./strategies.js";
import type { ARRIVALS } from "./strategy-args.js";
import * as schemas from "./strategy-schemas.js";

const origin = { contract: 1, packageName: "@core/scheduler", packageVersion: VERSION } as const;

strategies.register({
  ...origin,
  kind: "synchronous",
  summary: "One request at a time.",
  argsSchema: schemas.SynchronousSchema,
  create: () => closed(1, {}, () => 0),
});

strategies.register({
  ...origin,
  kind: "concurrent",
  summary: "A fixed number of streams.",
  argsSchema: schemas.ConcurrentSchema,
  create: (args) => closed(args.streams, args, (stream, streams) => secondsToShare(stream / streams, args)),
});

strategies.register({
  ...origin,
  kind: "throughput",
  summary: "As many streams as allowed.",
  argsSchema: schemas.ThroughputSchema,
  // GuideLLM counts slots from 1, so even the first stream waits for its share of the ramp.
  create: (args) =>
    closed(args.max_concurrency, args, (stream, streams) => secondsToShare((stream + 1) / streams, args)),
});

strategies.register({
  ...origin,
  kind: "constant",
  summary: "Evenly spaced arrivals.",
  argsSchema: schemas.ConstantSchema,
  create: (args) => {
    const curve = rampedRate(args.rate, args);
    // GuideLLM's rule: the first request comes one gap after the start, or at the start when there is a ramp.
    return open(args, (index) => (index === 0 && args.rampup_duration > 0 ? 0 : curve.secondsAt(index + 1)), { curve });
  },
});

strategies.register({
  ...origin,
  kind: "poisson",
  summary: "Random arrivals with exponential gaps.",
  argsSchema: schemas.PoissonSchema,
  create: (args) => {
    const curve = rampedRate(args.rate, args);
    return open(args, arriving(curve, { ...args, arrivals: "poisson", burstiness: 1 }), { curve });
  },
});

strategies.register({
  ...origin,
  kind: "gamma",
  summary: "Random arrivals with gamma gaps.",
  argsSchema: schemas.GammaSchema,
  create: (args) => {
    const curve = rampedRate(args.rate, args);
    return open(args, arriving(curve, { ...args, arrivals: "gamma" }), { curve });
  },
});

strategies.register({
  ...origin,
  kind: "steps",
  summary: "A rate given piece by piece.",
  argsSchema: schemas.StepsSchema,
  create: (args) => {
    const curve = new PiecewiseRate(args.segments, args.repeat);
    return open(args, arriving(curve, args), { curve, durationSeconds: args.repeat ? null : curve.seconds });
  },
});

strategies.register({
  ...origin,
  kind: "sine",
  summary: "A rate that swings around its mean.",
  argsSchema: schemas.SineSchema,
  create: (args) => {
    const curve = new PiecewiseRate(sineSegments(args), true);
    return open(args, arriving(curve, args), { curve });
  },
});

strategies.register({
  ...origin,
  kind: "recorded",
  summary: "The instants of an earlier run.",
  argsSchema: schemas.RecordedSchema,
  create: (args) => {
    const { offsets } = args;
    return open(args, (index) => offsets[index] ?? Number.POSITIVE_INFINITY, { requests: offsets.length });
  },
});

strategies.register({
  ...origin,
  kind: "trace",
  summary: "The recorded times of the data.",
  argsSchema: schemas.TraceSchema,
  create: (args) => ({
    mode: "trace",
    timeScale: args.time_scale,
    scheduleTurn: args.schedule_turn,
    maxConcurrency: args.max_concurrency,
  }),
});

/** Start of each request when arrivals of rate 1 run along a curve. */
function arriving(
  curve: RateCurve,
  process: {
    readonly arrivals: (typeof ARRIVALS)[number];
    readonly burstiness: number;
    readonly random_seed: number;
  },
): (index: number) => number {
  const { arrivals, burstiness, random_seed: seed } = process;
  if (arrivals === "constant") return (index) => curve.secondsAt(index + 1);
  const renewals = new RenewalArrivals(
    arrivals === "poisson" ? (index) => exponentialGap(seed, index) : (index) => gammaGap(burstiness, seed, index),
  );
  return (index) => curve.secondsAt(renewals.at(index));
}

function open(
  args: PacingArgs & { readonly max_concurrency: number | null },
  startSeconds: (index: number) => number,
  known: {
    readonly curve?: RateCurve;
    readonly durationSeconds?: number | null;
    readonly requests?: number;
  },
): OpenSchedule {
  const pacing = pacingOf(args);
  const { curve, durationSeconds = null, requests = null } = known;
  const last = durationSeconds ?? Number.POSITIVE_INFINITY;
  const isFixed = !pacing.turnsAreFree && pacing.whenBehind === "keep";
  return {
    mode: "open",
    maxConcurrency: args.max_concurrency,
    pacing,
    durationSeconds,
    requests,
    startOffsetNs: (index) => startSeconds(index) * 1e9,
    expectedRequests:
      curve === undefined || !isFixed ? null : (seconds) => expectedArrivals(curve, Math.min(seconds, last)),
  };
}

function closed(
  streams: number | null,
  { concurrency_unit }: ConcurrencyUnitArgs,
  startSeconds: (stream: number, streams: number) => number,
): ClosedSchedule {
  return {
    mode: "closed",
    streams,
    holdsConversations: concurrency_unit === "conversation",
    streamOffsetNs: (stream, count) => startSeconds(stream, count) * 1e9,
  };
}
