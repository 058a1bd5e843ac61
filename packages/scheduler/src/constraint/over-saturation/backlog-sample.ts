/** The state of the load at one second. */
export interface BacklogSample {
  /** Since the start of the run. */
  readonly seconds: number;
  /** Requests that the load asks for on average by now; where that is not known, those sent. */
  readonly expected: number;
  /** Requests sent so far. */
  readonly sent: number;
  /** Sent requests without a first token; without any token at all, those that have not ended. */
  readonly waiting: number;
}

/** Requests that have a first token, or have ended without one. */
export function answeredOf({ sent, waiting }: BacklogSample): number {
  return sent - waiting;
}

/** Requests that the load asked for and the server has not answered. */
export function owedOf(sample: BacklogSample): number {
  return sample.expected - answeredOf(sample);
}

/**
 * Seconds that requests wait between two samples, by Little's law; infinite when none was answered.
 *
 * @param from - Index of the first sample, below that of the last.
 */
export function meanWait(samples: readonly BacklogSample[], from: number, to: number): number {
  const [first, last] = [samples[from], samples[to]];
  if (first === undefined || last === undefined) return 0;
  let waiting = 0;
  for (let at = from; at <= to; at += 1) waiting += samples[at]?.waiting ?? 0;
  const answersPerSecond = (answeredOf(last) - answeredOf(first)) / (last.seconds - first.seconds);
  return waiting === 0 ? 0 : waiting / (to - from + 1) / answersPerSecond;
}
