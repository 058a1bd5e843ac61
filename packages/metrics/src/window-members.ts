import { positions } from "./group-members.js";
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
  const { count } = columns;
  const start = window.startNs / 1e9;
  const end = window.endNs / 1e9;
  const overlaps = (first: number, last: number): boolean =>
    last >= start && (Number.isNaN(first) ? last : first) <= end;
  const overlapping = new MemberList(count);
  const started = new MemberList(count);
  const firstToken = new MemberList(count);
  const firstOutputToken = new MemberList(count);
  const tokens = new MemberList(count);
  for (let at = 0; at < count; at += 1) {
    const sent = columns.start[at] ?? Number.NaN;
    const ended = columns.end[at] ?? Number.NaN;
    const token = columns.firstToken[at] ?? Number.NaN;
    const output = columns.firstOutputToken[at] ?? Number.NaN;
    const inWindow = overlaps(sent, ended);
    if (inWindow) overlapping.add(at);
    if (sent >= start && sent <= end) started.add(at);
    if (Number.isNaN(token) ? inWindow : overlaps(sent, token)) firstToken.add(at);
    if (Number.isNaN(output) ? inWindow : overlaps(sent, output)) firstOutputToken.add(at);
    if (overlaps(token, ended)) tokens.add(at);
  }
  // Perf: lists that hold everybody are one list, so that what is made of a list is made once.
  const everybody = positions(count);
  const all = overlapping.orElse(everybody);
  if (policy === "started") {
    const sent = started.orElse(everybody);
    return { overlapping: all, all: sent, firstToken: sent, firstOutputToken: sent, tokens: sent };
  }
  return {
    overlapping: all,
    all,
    firstToken: firstToken.orElse(everybody),
    firstOutputToken: firstOutputToken.orElse(everybody),
    tokens: tokens.orElse(everybody),
  };
}

/** Positions in ascending order. */
class MemberList {
  readonly #list: Uint32Array;
  #count = 0;

  constructor(most: number) {
    this.#list = new Uint32Array(most);
  }

  add(at: number): void {
    this.#list[this.#count++] = at;
  }

  /** The list; `everybody` when nobody is missing. */
  orElse(everybody: Uint32Array): Uint32Array {
    return this.#count === everybody.length ? everybody : this.#list.slice(0, this.#count);
  }
}
