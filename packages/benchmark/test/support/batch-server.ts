/** A load on the simulated server, of `seconds` of virtual time. */
export type SimulatedLoad = { readonly seconds: number; readonly seed: number } & (
  | { readonly streams: number }
  | { readonly rate: number }
);

/** A request that the simulated server answered; seconds of virtual time. */
export interface SimulatedRequest {
  readonly intended: number;
  readonly firstToken: number;
  readonly end: number;
  readonly outputTokens: number;
}

interface Sequence {
  readonly intended: number;
  readonly outputTokens: number;
  firstToken: number;
  produced: number;
}

const MOST_IN_BATCH = 64;
/** Seconds of an iteration: fixed, for each sequence in the batch, for each prompt that enters it. */
const STEP = { fixed: 0.02, perSequence: 0.001, perPrompt: 0.008 };
/** Standard deviation of the logarithm of an iteration's length. */
const STEP_NOISE = 0.2;
/** Chance of a stall in an iteration, and its length: requests of one bad moment are late together. */
const STALL = { chance: 0.0006, seconds: 0.3 };
const SHORTEST_REPLY = 8;
const LONGEST_REPLY = 24;

/**
 * A server with continuous batching, in virtual time: each iteration makes one token for every sequence in the batch, and
 * takes longer the fuller the batch is. What finds no place waits in order.
 */
export function simulateBatchServer(load: SimulatedLoad): readonly SimulatedRequest[] {
  const random = generator(load.seed);
  const arrivals = "rate" in load ? poissonArrivals(load.rate, load.seconds, random) : openingBurst(load.streams);
  const closed = "streams" in load;
  const waiting: Sequence[] = [];
  const done: SimulatedRequest[] = [];
  let batch: Sequence[] = [];
  let now = 0;
  let arrived = 0;
  for (;;) {
    if (batch.length === 0 && waiting.length === 0) {
      const next = arrivals[arrived];
      if (next === undefined) return done;
      now = Math.max(now, next);
    }
    for (let at = arrivals[arrived]; at !== undefined && at <= now; at = arrivals[arrived]) {
      waiting.push(sequence(at, random));
      arrived += 1;
    }
    const entering = waiting.splice(0, MOST_IN_BATCH - batch.length);
    batch.push(...entering);
    now += iterationSeconds(batch.length, entering.length, random);
    const going: Sequence[] = [];
    for (const one of batch) {
      one.produced += 1;
      if (one.produced === 1) one.firstToken = now;
      if (one.produced < one.outputTokens) going.push(one);
      else {
        done.push({ intended: one.intended, firstToken: one.firstToken, end: now, outputTokens: one.outputTokens });
        if (closed && now < load.seconds) waiting.push(sequence(now, random));
      }
    }
    batch = going;
  }
}

function iterationSeconds(inBatch: number, entering: number, random: () => number): number {
  const length = STEP.fixed + STEP.perSequence * inBatch + STEP.perPrompt * entering;
  const stall = random() < STALL.chance ? STALL.seconds : 0;
  return length * Math.exp(STEP_NOISE * normal(random)) + stall;
}

function sequence(intended: number, random: () => number): Sequence {
  const outputTokens = SHORTEST_REPLY + Math.floor(random() * (LONGEST_REPLY - SHORTEST_REPLY + 1));
  return { intended, outputTokens, firstToken: Number.NaN, produced: 0 };
}

function openingBurst(streams: number): readonly number[] {
  return new Array<number>(streams).fill(0);
}

function poissonArrivals(rate: number, seconds: number, random: () => number): readonly number[] {
  const arrivals: number[] = [];
  let at = 0;
  for (;;) {
    at += -Math.log(random()) / rate;
    if (at >= seconds) return arrivals;
    arrivals.push(at);
  }
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

/** Uniform numbers in (0, 1): mulberry32 (T. Ettinger). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 || 1e-10;
  };
}
