import { type RecordedTurn, SessionTiming } from "./session-timing.js";
import type { TraceArgs } from "./trace-fields.js";

/** A conversation of a trace at one of its places in the replayed time. */
export interface PlacedSession {
  /** Position in the list of conversations. */
  readonly session: number;
  readonly copy: number;
  /** Of each turn. */
  readonly times: readonly RecordedTurn[];
}

/** Places conversations in the replayed time, all copies of the trace after each other. */
export function placeSessions(
  sessions: readonly { readonly turns: readonly RecordedTurn[] }[],
  args: TraceArgs,
): readonly PlacedSession[] {
  const timing = new SessionTiming({
    maxWait: args.max_wait,
    maxSessionWait: args.max_session_wait,
    minConcurrentSessions: args.min_concurrent_sessions,
    timeScale: args.time_scale,
  });
  const placed: PlacedSession[] = [];
  for (let copy = 0; copy < args.copies; copy += 1) {
    const offset = copy === 0 ? 0 : timing.beginCopy(args.copy_offset);
    for (const [session, { turns }] of sessions.entries()) {
      placed.push({ session, copy, times: timing.place(turns, offset) });
    }
  }
  return placed;
}
