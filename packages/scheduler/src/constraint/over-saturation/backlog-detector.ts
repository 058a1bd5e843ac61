import type { RunObservation } from "../constraint.js";
import type { OverSaturationDetector } from "./over-saturation-detector.js";

/** Limits of a {@link BacklogDetector}. */
export interface BacklogLimits {
  readonly minSeconds: number;
  readonly maxWindowSeconds: number;
  readonly minimumWindowSize: number;
}

/** The state of the load at one second. */
export interface BacklogSample {
  /** Since the start of the run. */
  readonly seconds: number;
  /** Requests sent so far. */
  readonly sent: number;
  /** Sent requests without a first token; without any token at all, those that have not ended. */
  readonly waiting: number;
}

const SAMPLE_SECONDS = 1;
/** Student's t of the mean change per second: the usual 1 in 100, since one look follows the other. */
const LEAST_T = 2.5;
/** The server must leave this share of what arrives. */
const LEAST_SHORTFALL = 0.05;
/** The wait at the end of the window must be this many times that at its beginning. */
const LEAST_WAIT_RATIO = 2;
const LEAST_GROWTH = 5;
/** A backlog that has come down from its peak is being worked off. */
const LEAST_SHARE_OF_PEAK = 0.75;
/** Samples in a row that must agree. */
const PERSISTENCE = 3;

/**
 * Whether more requests arrive than the server answers. It looks once a second at the requests that wait for their first
 * token: a server that keeps up has a number of them that goes up and down; one that falls behind has ever more. The
 * server falls behind when, three seconds in a row, over the window,
 *
 * - the mean change per second is above 0 by Student's t test on the changes (for arrivals and answers at random the
 *   number is a random walk, whose changes are independent; a trend through its values would find slopes everywhere);
 * - it leaves at least 5 % of what arrives;
 * - waiting, by Little's law the number divided by the rate of answers, takes twice as long as at first.
 *
 * The window begins when everything that was sent before the first answer has been answered: filling an empty server
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
    const change = this.#samples.length < 3 ? null : changeOver(this.#samples);
    return {
      applies: this.#applies,
      waiting_requests: this.#samples.at(-1)?.waiting ?? null,
      waiting_change_per_second: change?.perSecond ?? null,
      waiting_change_t: change?.t ?? null,
      shortfall: change?.shortfall ?? null,
      wait_before_seconds: change?.waitBefore ?? null,
      wait_now_seconds: change?.waitNow ?? null,
      window_samples: this.#samples.length,
    };
  }

  observe({ counts, openLoop, waiting }: RunObservation): boolean {
    this.#applies = openLoop;
    const seconds = (counts.nowNs - counts.startNs) / 1e9;
    const isDue = seconds - (this.#samples.at(-1)?.seconds ?? 0) >= SAMPLE_SECONDS;
    if (openLoop && isDue) this.add({ seconds, sent: counts.created, waiting });
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
    this.#samples = this.#samples.filter(({ seconds }) => seconds >= from);
    this.#agreeing = this.#fallsBehind(sample) ? this.#agreeing + 1 : 0;
    return this.#agreeing >= PERSISTENCE;
  }

  #fallsBehind(last: BacklogSample): boolean {
    const [first] = this.#samples;
    const { minSeconds, minimumWindowSize } = this.#limits;
    const isEarly = last.seconds < minSeconds || this.#samples.length <= Math.max(2, minimumWindowSize);
    if (first === undefined || isEarly || last.waiting - first.waiting < LEAST_GROWTH) return false;
    const { t, shortfall, waitBefore, waitNow } = changeOver(this.#samples);
    return (
      t >= LEAST_T &&
      shortfall >= LEAST_SHORTFALL &&
      waitNow >= LEAST_WAIT_RATIO * waitBefore &&
      last.waiting >= LEAST_SHARE_OF_PEAK * Math.max(...this.#samples.map(({ waiting }) => waiting))
    );
  }
}

interface BacklogChange {
  readonly perSecond: number;
  readonly t: number;
  /** Share of the arrivals that is left. */
  readonly shortfall: number;
  /** In the first quarter, in seconds. */
  readonly waitBefore: number;
  /** In the last quarter, in seconds. */
  readonly waitNow: number;
}

/** What happens over a window of at least three samples. */
function changeOver(samples: readonly BacklogSample[]): BacklogChange {
  const first = samples[0] ?? { seconds: 0, sent: 0, waiting: 0 };
  const last = samples.at(-1) ?? first;
  const quarter = Math.max(2, Math.floor((samples.length - 1) / 4));
  const growth = last.waiting - first.waiting;
  return {
    perSecond: growth / (last.seconds - first.seconds),
    t: studentT(samples),
    shortfall: last.sent === first.sent ? 0 : growth / (last.sent - first.sent),
    waitBefore: meanWait(samples.slice(0, quarter + 1)),
    waitNow: meanWait(samples.slice(-quarter - 1)),
  };
}

function answeredOf({ sent, waiting }: BacklogSample): number {
  return sent - waiting;
}

/** Student's t of the changes from sample to sample against a mean of 0. */
function studentT(samples: readonly BacklogSample[]): number {
  const changes = samples.slice(1).map((sample, at) => {
    const before = samples[at] ?? sample;
    return (sample.waiting - before.waiting) / (sample.seconds - before.seconds);
  });
  const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
  const variance = changes.reduce((sum, change) => sum + (change - mean) ** 2, 0) / (changes.length - 1);
  if (variance === 0) return mean > 0 ? Number.POSITIVE_INFINITY : 0;
  return (mean * Math.sqrt(changes.length)) / Math.sqrt(variance);
}

/** Seconds that requests wait, by Little's law; infinite when none was answered. */
function meanWait(samples: readonly BacklogSample[]): number {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return 0;
  const waiting = samples.reduce((sum, sample) => sum + sample.waiting, 0) / samples.length;
  const answersPerSecond = (answeredOf(last) - answeredOf(first)) / (last.seconds - first.seconds);
  return waiting === 0 ? 0 : waiting / answersPerSecond;
}
