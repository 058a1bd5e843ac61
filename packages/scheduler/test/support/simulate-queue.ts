import type { BacklogSample } from "../../src/constraint/over-saturation/backlog-detector.js";

/** Perf: in the sandbox of a test each look at a global is a call; there are millions here. */
const { sqrt, log, cos, imul, max, ceil, PI } = Math;

/** A number in [0, 1), the next one of a seeded sequence. */
export type Random = () => number;

/** A server and what is sent to it. */
export interface QueueScenario {
  /** Requests per second. */
  readonly rate: number;
  readonly arrivals: "poisson" | "constant";
  /** Requests that are worked on at once. */
  readonly servers: number;
  /** Seconds from the start of the work to the first token. */
  readonly prefill: (random: Random) => number;
  /** Seconds from the first token to the end. */
  readonly decode: (random: Random) => number;
  readonly seconds: number;
  /** Seconds over which the rate rises to its full height. */
  readonly rampSeconds?: number;
  /** Whether first tokens can be seen; otherwise requests wait until they end. */
  readonly streams?: boolean;
}

/** Seeded random numbers (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Normally distributed, at least 10 ms. */
export function normal(mean: number, deviation: number): (random: Random) => number {
  return (random) => {
    const radius = sqrt(-2 * log(1 - random()));
    return max(0.01, mean + deviation * radius * cos(2 * PI * random()));
  };
}

/** Exponentially distributed. */
export function exponential(mean: number): (random: Random) => number {
  return (random) => -mean * log(1 - random());
}

/** One sample a second of a queue with several servers, first come, first served. */
export function simulateQueue(scenario: QueueScenario, seed: number): readonly BacklogSample[] {
  const random = randomOf(seed);
  const busyUntil: number[] = [];
  const sentIn = new Float64Array(scenario.seconds + 1);
  const answeredIn = new Float64Array(scenario.seconds + 1);
  for (const at of arrivalsOf(scenario, random)) {
    const start = max(at, takeServer(busyUntil, scenario.servers));
    const firstToken = start + scenario.prefill(random);
    const end = firstToken + scenario.decode(random);
    if (Number.isFinite(scenario.servers)) busyUntil.push(end);
    count(sentIn, at);
    count(answeredIn, scenario.streams === false ? end : firstToken);
  }
  let [sent, waiting] = [0, 0];
  return Array.from({ length: scenario.seconds }, (_, before) => {
    sent += sentIn[before + 1] ?? 0;
    waiting += (sentIn[before + 1] ?? 0) - (answeredIn[before + 1] ?? 0);
    return { seconds: before + 1, sent, waiting };
  });
}

/** Counts an instant to the second that it lies in, the first being 1. */
function count(perSecond: Float64Array, at: number): void {
  const second = max(1, ceil(at));
  perSecond[second] = (perSecond[second] ?? 0) + 1; // later ones are nobody's business
}

function* arrivalsOf({ rate, arrivals, seconds, rampSeconds = 0 }: QueueScenario, random: Random): Generator<number> {
  const ramped = (rate * rampSeconds) / 2;
  let position = 0;
  for (;;) {
    position += arrivals === "poisson" ? -log(1 - random()) : 1;
    const at = position < ramped ? rampSeconds * sqrt(position / ramped) : rampSeconds + (position - ramped) / rate;
    if (at > seconds) return;
    yield at;
  }
}

/** Instant at which the next server is free; it is taken. */
function takeServer(busyUntil: number[], servers: number): number {
  if (busyUntil.length < servers) return 0;
  let earliest = 0;
  for (let at = 1; at < busyUntil.length; at += 1) {
    if ((busyUntil[at] ?? 0) < (busyUntil[earliest] ?? 0)) earliest = at;
  }
  return busyUntil.splice(earliest, 1)[0] ?? 0;
}
