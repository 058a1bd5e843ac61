import { VERSION } from "../version.js";
import { PoissonArrivals } from "./poisson-arrivals.js";
import { rampedSeconds } from "./ramp.js";
import type { ClosedSchedule, OpenSchedule } from "./schedule.js";
import { strategies } from "./strategies.js";
import * as schemas from "./strategy-schemas.js";

const origin = { contract: 1, packageName: "@core/scheduler", packageVersion: VERSION } as const;

strategies.register({
  ...origin,
  kind: "synchronous",
  summary: "One request at a time.",
  argsSchema: schemas.SynchronousSchema,
  create: () => closed(1, () => 0),
});

strategies.register({
  ...origin,
  kind: "concurrent",
  summary: "A fixed number of streams.",
  argsSchema: schemas.ConcurrentSchema,
  create: (args) => closed(args.streams, (stream, streams) => (args.rampup_duration * stream) / streams),
});

strategies.register({
  ...origin,
  kind: "throughput",
  summary: "As many streams as allowed.",
  argsSchema: schemas.ThroughputSchema,
  // GuideLLM counts slots from 1, so even the first stream waits for its share of the ramp.
  create: (args) => closed(args.max_concurrency, (stream, streams) => (args.rampup_duration * (stream + 1)) / streams),
});

strategies.register({
  ...origin,
  kind: "constant",
  summary: "Evenly spaced arrivals.",
  argsSchema: schemas.ConstantSchema,
  create: (args) => {
    const ramp = args.rampup_duration;
    // GuideLLM's rule: the first request comes one gap after the start, or at the start when there is a ramp.
    return open(args.max_concurrency, (index) =>
      index === 0 && ramp > 0 ? 0 : rampedSeconds(index + 1, args.rate, ramp),
    );
  },
});

strategies.register({
  ...origin,
  kind: "poisson",
  summary: "Random arrivals with exponential gaps.",
  argsSchema: schemas.PoissonSchema,
  create: (args) => {
    const arrivals = new PoissonArrivals(args.random_seed);
    return open(args.max_concurrency, (index) => rampedSeconds(arrivals.at(index), args.rate, args.rampup_duration));
  },
});

function open(maxConcurrency: number | null, startSeconds: (index: number) => number): OpenSchedule {
  return { mode: "open", maxConcurrency, startOffsetNs: (index) => startSeconds(index) * 1e9 };
}

function closed(streams: number | null, startSeconds: (stream: number, streams: number) => number): ClosedSchedule {
  return { mode: "closed", streams, streamOffsetNs: (stream, count) => startSeconds(stream, count) * 1e9 };
}
