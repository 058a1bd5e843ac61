/** What is counted or paced: single requests, or whole conversations. */
export const LOAD_UNITS = ["request", "conversation"] as const;
/** What an open loop does when it is behind its schedule. */
export const WHEN_BEHIND = ["keep", "catch_up", "drop"] as const;

/** Lateness that counts as being on time unless said otherwise, seconds. */
export const DEFAULT_BEHIND_WINDOW = 0.01;

/** What streams and caps bound: requests in flight, or conversations that are not over. Left out: requests. */
export interface ConcurrencyUnitArgs {
  readonly concurrency_unit?: (typeof LOAD_UNITS)[number];
}

/** How an open loop counts turns of conversations, and what it does when it is behind; fields left out are as in GuideLLM. */
export interface PacingArgs extends ConcurrencyUnitArgs {
  /** What an instant of the schedule starts: a request, or a conversation, whose turns then follow by themselves. */
  readonly rate_unit?: (typeof LOAD_UNITS)[number];
  /**
   * `keep`: all late requests are sent as soon as possible. `catch_up`: those within the window are; beyond it the rest of
   * the schedule moves by the delay. `drop`: instants that passed longer ago than the window are given up.
   */
  readonly when_behind?: (typeof WHEN_BEHIND)[number];
  /** Seconds of lateness that `catch_up` and `drop` put up with. */
  readonly behind_window?: number;
}

/** How an open loop treats turns and lateness. */
export interface Pacing {
  /** Whether the bound counts conversations; otherwise it counts requests in flight. */
  readonly boundsConversations: boolean;
  /** Whether the instants start conversations, whose turns need none; otherwise every request needs one. */
  readonly turnsAreFree: boolean;
  readonly whenBehind: (typeof WHEN_BEHIND)[number];
  readonly windowNs: number;
}

/** The pace that args ask for. */
export function pacingOf(args: PacingArgs): Pacing {
  return {
    boundsConversations: args.concurrency_unit === "conversation",
    turnsAreFree: args.rate_unit === "conversation",
    whenBehind: args.when_behind ?? "keep",
    windowNs: (args.behind_window ?? DEFAULT_BEHIND_WINDOW) * 1e9,
  };
}
