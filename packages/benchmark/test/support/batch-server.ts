/** Perf: in the sandbox of a test each look at a global is a call; there are millions here. */
const { imul } = Math;

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
}

const MOST_IN_BATCH = 64;
/** Seconds of an iteration: fixed, for each sequence in the batch, for each prompt that enters it. */
const STEP = { fixed: 0.02, perSequence: 0.001, perPrompt: 0.008 };
/** Standard deviation of the logarithm of an iteration's length. */
const STEP_NOISE = 0.2;
const SHORTEST_REPLY = 8;
const LONGEST_REPLY = 24;

/**
 * A server with continuous batching, in virtual time: each iteration makes one token for every sequence in the batch, and
 * takes longer the fuller the batch is. What finds no place waits in order.
 */
export function simulateBatchServer(load: SimulatedLoad): readonly SimulatedRequest[] {
  const random = seededNumbers(load.seed);
  const arrivals = "rate" in load ? poissonArrivals(load.rate, load.seconds, random) : openingBurst(load.streams);
  const closed = "streams" in load;
  const waiting: Sequence[] = [];
  const done: SimulatedRequest[] = [];
  /** By the iteration that makes their last token. */
  const ending = new Map<number, Sequence[]>();
  let inBatch = 0;
  let now = 0;
  let arrived = 0;
  for (let iteration = 0; ; iteration += 1) {
    if (inBatch === 0 && waiting.length === 0) {
      const next = arrivals[arrived];
      if (next === undefined) return done;
      now = Math.max(now, next);
    }
    for (let at = arrivals[arrived]; at !== undefined && at <= now; at = arrivals[arrived]) {
      waiting.push(sequence(at, random));
      arrived += 1;
    }
    const entering = waiting.splice(0, MOST_IN_BATCH - inBatch);
    inBatch += entering.length;
    now += iterationSeconds(inBatch, entering.length, random);
    for (const one of entering) {
      one.firstToken = now;
      const last = iteration + one.outputTokens - 1;
      ending.set(last, [...(ending.get(last) ?? []), one]);
    }
    const ended = ending.get(iteration) ?? [];
    ending.delete(iteration);
    inBatch -= ended.length;
    for (const { intended, firstToken, outputTokens } of ended) {
      done.push({ intended, firstToken, end: now, outputTokens });
      if (closed && now < load.seconds) waiting.push(sequence(now, random));
    }
  }
}

function iterationSeconds(inBatch: number, entering: number, random: () => number): number {
  const length = STEP.fixed + STEP.perSequence * inBatch + STEP.perPrompt * entering;
  return length * Math.exp(STEP_NOISE * normal(random));
}

function sequence(intended: number, random: () => number): Sequence {
  const outputTokens = SHORTEST_REPLY + Math.floor(random() * (LONGEST_REPLY - SHORTEST_REPLY + 1));
  return { intended, outputTokens, firstToken: Number.NaN };
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

/** About standard normal: the sum of twelve uniform numbers less six would be; three, scaled, are near enough. */
function normal(random: () => number): number {
  return 2 * (random() + random() + random() - 1.5);
}

/** Uniform numbers in (0, 1): mulberry32 (T. Ettinger). */
export function seededNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 || 1e-10;
  };
}
