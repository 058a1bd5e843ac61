import type { RunObservation } from "../constraint.js";
import { answeredOf, type BacklogSample, meanWait } from "./backlog-sample.js";
import type { OverSaturationDetector } from "./over-saturation-detector.js";
import { type Shortfall, testShortfall } from "./shortfall.js";

/** Limits of a {@link BacklogDetector}. */
export interface BacklogLimits {
  readonly minSeconds: number;
  readonly maxWindowSeconds: number;
  readonly minimumWindowSize: number;
}

const SAMPLE_SECONDS = 1;
/** Requests that the load must have asked for within a window: below, chance has too much to say. */
const LEAST_REQUESTS = 40;
/** The server must leave this share of what the load asks for. */
const LEAST_SHORTFALL = 0.07;
/** Requests by which the queue must have grown. */
const LEAST_GROWTH = 5;
/** The wait at the end of the window must be this many times that before it. */
const LEAST_WAIT_RATIO = 2;
/** Seconds at the beginning of a window that tell of the wait before it. */
const HEAD = 2;
/** A backlog that has come down from its peak is being worked off. */
const LEAST_SHARE_OF_PEAK = 0.5;
/** Samples in a row that must agree. */
const PERSISTENCE = 3;

/**
 * Whether the load asks for more than the server answers. It looks once a second at the requests that wait for their
 * first token. The server falls behind when, three seconds in a row, there is a window up to now
 *
 * - in which always more requests waited than at its beginning, now at least 5 more: the server had a queue, and what it
 *   answered is what it can;
 * - in which it answered less than the load asks for, by {@link testShortfall}, and left at least 7 % of it;
 * - at whose end waiting, by Little's law the number divided by the rate of answers, takes at least twice as long as
 *   before it and at its beginning: servers that take long for a first token have as many waiting without a queue.
 *
 * Nothing is judged before everything that was sent before the first answer has been answered: filling an empty server
 * looks like falling behind. Times are compared with earlier ones of the same run, never with a fixed limit. In a closed
 * loop the number of requests is fixed, so that there is nothing to see.
 */
export class BacklogDetector implements OverSaturationDetector {
  readonly #limits: BacklogLimits;
  #samples: BacklogSample[] = [];
  #sentBeforeAnswer: number | null = null;
  #filled = false;
  #agreeing = 0;
  #applies = true;

  constructor(limits: BacklogLimits) {
    this.#limits = limits;
  }

  get figures(): Readonly<Record<string, unknown>> {
    const window = this.#tellingWindow();
    return {
      applies: this.#applies,
      waiting_requests: this.#samples.at(-1)?.waiting ?? null,
      shortfall: window?.shortfall.share ?? null,
      shortfall_t: window?.shortfall.t ?? null,
      shortfall_t_needed: window?.shortfall.needed ?? null,
      wait_before_seconds: window?.waitBefore ?? null,
      wait_now_seconds: window?.waitNow ?? null,
      window_samples: window?.samples ?? null,
    };
  }

  observe({ counts, expected, openLoop, waiting }: RunObservation): boolean {
    this.#applies = openLoop;
    const seconds = (counts.nowNs - counts.startNs) / 1e9;
    const isDue = seconds - (this.#samples.at(-1)?.seconds ?? 0) >= SAMPLE_SECONDS;
    if (openLoop && isDue) this.add({ seconds, expected: expected ?? counts.created, sent: counts.created, waiting });
    return openLoop && this.#agreeing >= PERSISTENCE;
  }

  /** Adds a sample; seconds rise. @returns Whether the server falls behind. */
  add(sample: BacklogSample): boolean {
    const answered = answeredOf(sample);
    if (answered > 0) this.#sentBeforeAnswer ??= sample.sent;
    if (!this.#filled) {
      this.#filled = this.#sentBeforeAnswer !== null && answered >= this.#sentBeforeAnswer;
      this.#samples = [sample];
      return false;
    }
    this.#samples.push(sample);
    const from = sample.seconds - this.#limits.maxWindowSeconds;
    while ((this.#samples[0]?.seconds ?? from) < from) this.#samples.shift();
    this.#agreeing = this.#fallsBehind(sample) ? this.#agreeing + 1 : 0;
    return this.#agreeing >= PERSISTENCE;
  }

  #fallsBehind(last: BacklogSample): boolean {
    if (last.seconds < this.#limits.minSeconds) return false;
    if (this.#samples.some(({ waiting }) => last.waiting < LEAST_SHARE_OF_PEAK * waiting)) return false;
    return this.#windows().some((from) => isShort(this.#judge(from)));
  }

  /** Where windows begin that have more requests waiting ever after, the latest first. */
  #windows(): readonly number[] {
    const samples = this.#samples;
    const last = samples.at(-1);
    const shortest = Math.max(HEAD + 1, this.#limits.minimumWindowSize);
    const begins: number[] = [];
    let fewest = last?.waiting ?? 0;
    for (let from = samples.length - 2; from >= 0; from -= 1) {
      const sample = samples[from];
      if (last === undefined || sample === undefined || sample.waiting >= fewest) continue;
      fewest = sample.waiting;
      const isLong = samples.length - 1 - from >= shortest && last.expected - sample.expected >= LEAST_REQUESTS;
      if (isLong && last.waiting - fewest >= LEAST_GROWTH) begins.push(from);
    }
    return begins;
  }

  #judge(from: number): Window {
    const samples = this.#samples;
    const to = samples.length - 1;
    const quarter = Math.max(HEAD, Math.floor((to - from) / 4));
    return {
      samples: to - from,
      waitBefore: Math.max(meanWait(samples, 0, from + HEAD), meanWait(samples, from, from + HEAD)),
      waitNow: meanWait(samples, to - quarter, to),
      shortfall: testShortfall(samples, from),
    };
  }

  /** The window that says most. */
  #tellingWindow(): Window | null {
    const windows = this.#windows().map((from) => this.#judge(from));
    const evidence = ({ shortfall }: Window): number => shortfall.t - shortfall.needed;
    return windows.reduce<Window | null>(
      (best, one) => (best === null || evidence(one) > evidence(best) ? one : best),
      null,
    );
  }
}

interface Window {
  /** Its length, in samples after its beginning. */
  readonly samples: number;
  readonly waitBefore: number;
  readonly waitNow: number;
  readonly shortfall: Shortfall;
}

function isShort({ waitBefore, waitNow, shortfall: { share, t, needed } }: Window): boolean {
  return share >= LEAST_SHORTFALL && t >= needed && waitNow >= LEAST_WAIT_RATIO * waitBefore;
}
