/** What is counted or paced: single requests, or whole conversations. */
export const LOAD_UNITS = ["request", "conversation"] as const;
/** What an open loop does when it is behind its schedule. */
export const WHEN_BEHIND = ["keep", "catch_up", "drop"] as const;

/** How turns of conversations count, and what happens when sending is behind. The same in every worker. */
export interface Pacing {
  /** What streams and caps bound: requests in flight, or conversations that are not over. */
  readonly concurrencyUnit: (typeof LOAD_UNITS)[number];
  /** What the instants of an open schedule start: requests, or conversations, whose turns then follow by themselves. */
  readonly rateUnit: (typeof LOAD_UNITS)[number];
  /**
   * `keep`: all late requests are sent as soon as possible. `catch_up`: those within the window are; beyond it the rest of
   * the schedule moves by the delay. `drop`: instants that passed longer ago than the window are given up.
   */
  readonly whenBehind: (typeof WHEN_BEHIND)[number];
  /** Nanoseconds of lateness that `catch_up` and `drop` put up with. */
  readonly windowNs: number;
}

/** As GuideLLM: requests count, and nothing is given up. */
export const DEFAULT_PACING: Pacing = Object.freeze({
  concurrencyUnit: "request",
  rateUnit: "request",
  whenBehind: "keep",
  windowNs: 10e6,
});
