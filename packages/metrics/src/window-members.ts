import type { RequestColumns } from "./request-columns.js";

/** Part of the run that is measured, in nanoseconds of the run's clock; both ends included. */
export interface MeasurementWindow {
  readonly startNs: number;
  readonly endNs: number;
}

/** Requests (positions in the columns) that feed each family of metrics. */
export interface WindowMembers {
  /** Requests that overlap the window: what rates and concurrency are made of. */
  readonly overlapping: Uint32Array;
  /** Requests that are measured: those that overlap the window, or those that started in it. */
  readonly all: Uint32Array;
  /** Requests whose time from send to first token overlaps the window, and those of `all` without a token. */
  readonly firstToken: Uint32Array;
  /** The same for the first output token. */
  readonly firstOutputToken: Uint32Array;
  /** Requests whose time from first token to end overlaps the window. */
  readonly tokens: Uint32Array;
}

/** Which requests are measured: those that lie in the window in part, or those that started in it. */
export const WINDOW_POLICIES = ["overlap", "started"] as const;

/** One of {@link WINDOW_POLICIES}. */
export type WindowPolicy = (typeof WINDOW_POLICIES)[number];

/**
 * Chooses the requests of a window. An interval [a, b] belongs to it when b >= start and a <= end; without b it does
 * not, without a the interval is the instant b (rules of GuideLLM 0.8.1). Requests without a first token are kept with
 * the others of the window, so that they are counted as having no value. With the policy `started` every value is taken
 * of the requests that were sent inside, whenever they ended.
 */
export function selectMembers(
  columns: RequestColumns,
  window: MeasurementWindow,
  policy: WindowPolicy = "overlap",
): WindowMembers {
  const { start: sent, end: ended, firstToken, firstOutputToken } = columns;
  const from = window.startNs / 1e9;
  const to = window.endNs / 1e9;
  const overlapping = membersInside(sent, ended, ended, from, to);
  if (policy === "started") {
    const started = membersInside(sent, sent, sent, from, to);
    return { overlapping, all: started, firstToken: started, firstOutputToken: started, tokens: started };
  }
  const lists = {
    firstToken: membersInside(sent, firstToken, ended, from, to),
    firstOutputToken: membersInside(sent, firstOutputToken, ended, from, to),
    tokens: membersInside(firstToken, ended, ended, from, to),
  };
  // Perf: a list that holds the same requests is the same list, so that what is made of a list is made once.
  const shared = (list: Uint32Array): Uint32Array => (isSame(list, overlapping) ? overlapping : list);
  return {
    overlapping,
    all: overlapping,
    firstToken: shared(lists.firstToken),
    firstOutputToken: shared(lists.firstOutputToken),
    tokens: shared(lists.tokens),
  };
}

/** Requests whose interval, from `first` to `last` or else `lastElse`, shares an instant with `from` to `to`. */
function membersInside(
  first: Float64Array,
  last: Float64Array,
  lastElse: Float64Array,
  from: number,
  to: number,
): Uint32Array {
  const list = new Uint32Array(first.length);
  let count = 0;
  for (let at = 0; at < list.length; at += 1) {
    const known = last[at] ?? Number.NaN;
    const end = Number.isNaN(known) ? (lastElse[at] ?? Number.NaN) : known;
    const start = first[at] ?? Number.NaN;
    if (end >= from && (Number.isNaN(start) ? end : start) <= to) list[count++] = at;
  }
  return list.subarray(0, count);
}

function isSame(one: Uint32Array, other: Uint32Array): boolean {
  if (one.length !== other.length) return false;
  for (let place = 0; place < one.length; place += 1) if (one[place] !== other[place]) return false;
  return true;
}
