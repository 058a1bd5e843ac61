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
  const start = window.startNs / 1e9;
  const end = window.endNs / 1e9;
  const overlaps = (first: number, last: number): boolean =>
    last >= start && (Number.isNaN(first) ? last : first) <= end;
  const select = (test: (at: number) => boolean): Uint32Array => Uint32Array.from(columns.row.keys()).filter(test);
  const inWindow = (at: number): boolean => overlaps(valueAt(columns.start, at), valueAt(columns.end, at));
  const overlapping = select(inWindow);
  if (policy === "started") {
    const started = select((at) => valueAt(columns.start, at) >= start && valueAt(columns.start, at) <= end);
    return { overlapping, all: started, firstToken: started, firstOutputToken: started, tokens: started };
  }
  const until = (stamp: Float64Array) => (at: number) =>
    Number.isNaN(valueAt(stamp, at)) ? inWindow(at) : overlaps(valueAt(columns.start, at), valueAt(stamp, at));
  return {
    overlapping,
    all: overlapping,
    firstToken: select(until(columns.firstToken)),
    firstOutputToken: select(until(columns.firstOutputToken)),
    tokens: select((at) => overlaps(valueAt(columns.firstToken, at), valueAt(columns.end, at))),
  };
}

function valueAt(column: Float64Array, at: number): number {
  return column[at] ?? Number.NaN;
}
