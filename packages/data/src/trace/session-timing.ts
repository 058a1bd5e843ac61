/** A turn of a recorded session; seconds. */
export interface RecordedTurn {
  readonly timestamp: number;
  /** Recorded service time; null when not recorded. */
  readonly duration: number | null;
}

/** How recorded sessions are moved in time. Limits are in seconds of the recording. */
export interface SessionTimingArgs {
  /** Longest pause between two turns of a session; null keeps all. */
  readonly maxWait: number | null;
  /** Longest time in which no session is under way; null keeps all. */
  readonly maxSessionWait: number | null;
  /** Sessions that are under way together where the recording has fewer; null keeps its own. */
  readonly minConcurrentSessions: number | null;
  /** Factor on all times, applied last. */
  readonly timeScale: number;
}

/**
 * Moves the sessions of a trace, in the order in which they are given: GuideLLM's rules. Pauses within a session are cut
 * first, then pauses between sessions, then sessions are drawn forward, then everything is scaled.
 */
export class SessionTiming {
  readonly #args: SessionTimingArgs;
  /** Latest end so far, before sessions are drawn forward. */
  #latestEnd: number | null = null;
  /** First and last instant of the copy, before sessions are drawn forward. */
  #span: { readonly first: number; readonly last: number } | null = null;
  #firstStart: number | null = null;
  /** End of each session where it was placed. */
  readonly #ends: number[] = [];

  constructor(args: SessionTimingArgs) {
    this.#args = args;
  }

  /** Where the next copy of the trace begins, `share` of the length of this one after its start; pauses are cut anew in it. */
  beginCopy(share: number): number {
    const { first, last } = this.#span ?? { first: 0, last: 0 };
    this.#latestEnd = null;
    this.#span = null;
    return first + share * (last - first);
  }

  /**
   * Places the next session.
   *
   * @param turns - At least one; their order is kept.
   * @param offset - Added after pauses have been cut: where a copy of the trace begins.
   */
  place(turns: readonly RecordedTurn[], offset = 0): readonly RecordedTurn[] {
    const { maxWait, timeScale } = this.#args;
    const recorded = turns.map(({ timestamp }) => timestamp);
    const cut = maxWait === null ? recorded : cutPauses(recorded, maxWait);
    const closed = this.#closeGap(cut).map((timestamp) => timestamp + offset);
    this.#widenSpan(closed);
    const placed = this.#drawForward(closed);
    return turns.map(({ duration }, at) => ({
      timestamp: (placed[at] ?? 0) * timeScale,
      duration: duration === null ? null : duration * timeScale,
    }));
  }

  #closeGap(times: readonly number[]): readonly number[] {
    const { maxSessionWait } = this.#args;
    const gap = Math.min(...times) - (this.#latestEnd ?? Number.POSITIVE_INFINITY);
    const excess = maxSessionWait === null ? 0 : Math.max(0, gap - maxSessionWait);
    const moved = times.map((time) => time - excess);
    this.#latestEnd = Math.max(this.#latestEnd ?? Number.NEGATIVE_INFINITY, ...moved);
    return moved;
  }

  #widenSpan(times: readonly number[]): void {
    const { first, last } = this.#span ?? { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
    this.#span = { first: Math.min(first, ...times), last: Math.max(last, ...times) };
  }

  #drawForward(times: readonly number[]): readonly number[] {
    const { minConcurrentSessions: sessions } = this.#args;
    if (sessions === null) return times;
    const start = Math.min(...times);
    const length = Math.max(...times) - start;
    // A single instant is never under way, so there is nothing to draw forward.
    const target = length === 0 ? start : this.#targetOf(start, sessions);
    const newStart = Math.min(start, target);
    this.#firstStart ??= newStart;
    this.#ends.push(newStart + length);
    return times.map((time) => time - start + newStart);
  }

  #targetOf(start: number, sessions: number): number {
    const placed = this.#ends.length;
    if (placed < sessions) return this.#firstStart ?? start;
    return this.#ends[placed - sessions] ?? start;
  }
}

/** Times with every pause beyond the limit cut down to it; the order of the list is kept. */
function cutPauses(times: readonly number[], limit: number): readonly number[] {
  const cut = [...times];
  const order = times.map((_, at) => at).sort((left, right) => (times[left] ?? 0) - (times[right] ?? 0));
  let trimmed = 0;
  for (const [place, at] of order.entries()) {
    const before = times[order[place - 1] ?? at] ?? 0;
    trimmed += Math.max(0, (times[at] ?? 0) - before - limit);
    cut[at] = (times[at] ?? 0) - trimmed;
  }
  return cut;
}
