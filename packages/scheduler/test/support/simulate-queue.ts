import type { BacklogSample } from "../../src/constraint/over-saturation/backlog-detector.js";

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
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Normally distributed, at least 10 ms. */
export function normal(mean: number, deviation: number): (random: Random) => number {
  return (random) => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return Math.max(0.01, mean + deviation * radius * Math.cos(2 * Math.PI * random()));
  };
}

/** Exponentially distributed. */
export function exponential(mean: number): (random: Random) => number {
  return (random) => -mean * Math.log(1 - random());
}

/** One sample a second of a queue with several servers, first come, first served. */
export function simulateQueue(scenario: QueueScenario, seed: number): readonly BacklogSample[] {
  const random = randomOf(seed);
  const busyUntil: number[] = [];
  const events: { readonly at: number; readonly sent: number; readonly waiting: number }[] = [];
  for (const at of arrivalsOf(scenario, random)) {
    const start = Math.max(at, takeServer(busyUntil, scenario.servers));
    const firstToken = start + scenario.prefill(random);
    const end = firstToken + scenario.decode(random);
    busyUntil.push(end);
    events.push(
      { at, sent: 1, waiting: 1 },
      { at: scenario.streams === false ? end : firstToken, sent: 0, waiting: -1 },
    );
  }
  events.sort((one, other) => one.at - other.at);
  return everySecond(events, scenario.seconds);
}

function* arrivalsOf({ rate, arrivals, seconds, rampSeconds = 0 }: QueueScenario, random: Random): Generator<number> {
  const ramped = (rate * rampSeconds) / 2;
  let position = 0;
  for (;;) {
    position += arrivals === "poisson" ? -Math.log(1 - random()) : 1;
    const at =
      position < ramped ? rampSeconds * Math.sqrt(position / ramped) : rampSeconds + (position - ramped) / rate;
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

function everySecond(
  events: readonly { readonly at: number; readonly sent: number; readonly waiting: number }[],
  until: number,
): readonly BacklogSample[] {
  const samples: BacklogSample[] = [];
  let next = 0;
  let [sent, waiting] = [0, 0];
  for (let seconds = 1; seconds <= until; seconds += 1) {
    for (let event = events[next]; event !== undefined && event.at <= seconds; event = events[next]) {
      sent += event.sent;
      waiting += event.waiting;
      next += 1;
    }
    samples.push({ seconds, sent, waiting });
  }
  return samples;
}
