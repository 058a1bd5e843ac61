import type { BacklogSample } from "../../src/constraint/over-saturation/backlog-sample.js";
import { earliestOf } from "./earliest-of.js";
import type { Random } from "./random-numbers.js";
import { randomOf } from "./random-numbers.js";

/** Perf: in the sandbox of a test each look at a global is a call; there are millions here. */
const { sqrt, log, exp, max, min, ceil, floor } = Math;
const NEVER = Number.POSITIVE_INFINITY;

/** When requests that arrive at these instants have a first token, or whatever tells that they do not wait; in any order. */
export type SimulatedServer = (arrivals: readonly number[], random: Random) => readonly number[];

/** A server and what is sent to it. */
export interface QueueScenario {
  /** Requests per second. */
  readonly rate: number;
  readonly arrivals: "poisson" | "constant";
  readonly server: SimulatedServer;
  readonly seconds: number;
  /** Seconds over which the rate rises to its full height. */
  readonly rampSeconds?: number;
}

/** A server that works on some requests at once, first come, first served. */
export function slots({
  servers,
  prefill,
  decode,
  streams = true,
}: {
  /** Requests that are worked on at once. */
  readonly servers: number;
  /** Seconds from the start of the work to the first token. */
  readonly prefill: (random: Random) => number;
  /** Seconds from the first token to the end. */
  readonly decode: (random: Random) => number;
  /** Whether first tokens can be seen; otherwise requests wait until they end. */
  readonly streams?: boolean;
}): SimulatedServer {
  return (arrivals, random) => {
    const busyUntil = earliestOf();
    return arrivals.map((at) => {
      const start = busyUntil.size < servers ? at : max(at, busyUntil.take());
      const firstToken = start + prefill(random);
      const end = firstToken + decode(random);
      if (servers < NEVER) busyUntil.add(end);
      return streams ? firstToken : end;
    });
  };
}

const FEWEST_TOKENS = 8;
const MOST_TOKENS = 24;
/** Seconds of an iteration: fixed, with all places taken, and for prompts in all places; 1/8 s when they come and go. */
const ITERATION = { fixed: 0.04, sequences: 0.055, prompts: 0.48 };
const ITERATION_NOISE = 0.2;

/**
 * A server with continuous batching: an iteration makes one token of each sequence, takes longer the more there are, and
 * prefills those that enter. Replies have 8 to 24 tokens, so that it answers half as many requests a second as it has places.
 */
export function batches(places: number): SimulatedServer {
  return (arrivals, random) => {
    const firstTokens: number[] = [];
    const ending = new Map<number, number>();
    let [inBatch, now, next, arrived] = [0, 0, 0, 0];
    for (let iteration = 0; next < arrivals.length; iteration += 1) {
      if (inBatch === 0 && next === arrived) now = max(now, arrivals[next] ?? now);
      while ((arrivals[arrived] ?? NEVER) <= now) arrived += 1;
      const entering = min(places - inBatch, arrived - next);
      for (let entered = 0; entered < entering; entered += 1) {
        const last = iteration + FEWEST_TOKENS - 1 + floor(random() * (MOST_TOKENS - FEWEST_TOKENS + 1));
        ending.set(last, (ending.get(last) ?? 0) + 1);
      }
      inBatch += entering;
      next += entering;
      const { fixed, sequences, prompts } = ITERATION;
      const noise = exp(ITERATION_NOISE * 2 * (random() + random() + random() - 1.5));
      now += (fixed + (sequences * inBatch + prompts * entering) / places) * noise;
      for (let entered = 0; entered < entering; entered += 1) firstTokens.push(now);
      inBatch -= ending.get(iteration) ?? 0;
      ending.delete(iteration);
    }
    return firstTokens;
  };
}

/** One sample a second. */
export function simulateQueue(scenario: QueueScenario, seed: number): readonly BacklogSample[] {
  const { rate, rampSeconds = 0, server } = scenario;
  const random = randomOf(seed);
  const sentIn = new Float64Array(scenario.seconds + 1);
  const answeredIn = new Float64Array(scenario.seconds + 1);
  const arrivals = arrivalsOf(scenario, random);
  for (const at of arrivals) count(sentIn, at);
  for (const at of server(arrivals, random)) count(answeredIn, at);
  let [sent, waiting] = [0, 0];
  return Array.from({ length: scenario.seconds }, (_, before) => {
    const seconds = before + 1;
    sent += sentIn[seconds] ?? 0;
    waiting += (sentIn[seconds] ?? 0) - (answeredIn[seconds] ?? 0);
    const expected =
      seconds < rampSeconds ? (rate * seconds ** 2) / 2 / rampSeconds : rate * (seconds - rampSeconds / 2);
    return { seconds, expected, sent, waiting };
  });
}

/** Counts an instant to the second that it lies in, the first being 1. */
function count(perSecond: Float64Array, at: number): void {
  const second = max(1, ceil(at));
  perSecond[second] = (perSecond[second] ?? 0) + 1; // later ones are nobody's business
}

/** Instants at which requests arrive. */
export function arrivalsOf(
  { rate, arrivals, seconds, rampSeconds = 0 }: Omit<QueueScenario, "server">,
  random: Random,
): readonly number[] {
  const ramped = (rate * rampSeconds) / 2;
  const instants: number[] = [];
  let position = 0;
  for (;;) {
    position += arrivals === "poisson" ? -log(1 - random()) : 1;
    const at = position < ramped ? rampSeconds * sqrt(position / ramped) : rampSeconds + (position - ramped) / rate;
    if (at > seconds) return instants;
    instants.push(at);
  }
}
