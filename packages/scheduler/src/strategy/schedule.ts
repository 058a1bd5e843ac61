import type { Pacing } from "./pacing.js";
import type { TraceTiming } from "./turn-due.js";

/** The clock decides when the next request is sent. */
export interface OpenSchedule {
  readonly mode: "open";
  /**
   * Intended start of a request, in nanoseconds after the start of the run; not descending in `index`. A function of
   * strategy, seed and index alone: the same in every worker.
   *
   * @param index - Global request index, from 0.
   */
  startOffsetNs(index: number): number;
  /**
   * Requests that its rate asks for on average by an instant, in seconds after the start; null where the instants are all
   * that is known, or where they may move.
   */
  readonly expectedRequests: ((seconds: number) => number) | null;
  /** Most requests in flight; null is unlimited. */
  readonly maxConcurrency: number | null;
  readonly pacing: Pacing;
  /** When the schedule is over, in seconds after the start; null when it goes on for ever. */
  readonly durationSeconds: number | null;
  /** Number of requests that it has; null when it goes on for ever. */
  readonly requests: number | null;
}

/** The end of an earlier request decides when the next one is sent. */
export interface ClosedSchedule {
  readonly mode: "closed";
  /** Number of streams; null is as many as allowed. */
  readonly streams: number | null;
  /** Whether a stream is one conversation at a time, from its start to its end; otherwise it is one request at a time. */
  readonly holdsConversations: boolean;
  /**
   * When a stream sends its first request, in nanoseconds after the start of the run.
   *
   * @param stream - From 0 to `streams - 1`.
   * @param streams - Number of streams that really run.
   */
  streamOffsetNs(stream: number, streams: number): number;
}

/** The data say when each request is sent. */
export interface TraceSchedule extends TraceTiming {
  readonly mode: "trace";
  /** Most requests in flight; null is unlimited. */
  readonly maxConcurrency: number | null;
}

/** When requests are to be sent. */
export type Schedule = OpenSchedule | ClosedSchedule | TraceSchedule;
