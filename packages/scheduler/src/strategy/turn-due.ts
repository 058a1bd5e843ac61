/** What later turns keep of a recording: the pauses between turns, or the recorded instants. */
export const SCHEDULE_TURNS = ["idle_gap", "timestamp"] as const;

/** How a recording is played. */
export interface TraceTiming {
  /** Factor on all recorded intervals. */
  readonly timeScale: number;
  readonly scheduleTurn: (typeof SCHEDULE_TURNS)[number];
}

/** What was recorded of a request, in seconds; null where it was not. */
export interface RecordedRequest {
  readonly relativeTimestampSeconds: number | null;
  readonly traceDurationSeconds: number | null;
}

/** A request that another one follows. */
export interface RecordedParent extends RecordedRequest {
  /** When it really ended, in nanoseconds; `NaN` when it has not. */
  readonly endedNs: number;
}

/** When a request without parents is due: its recorded time after the start of the run; the start itself without one. */
export function rootDueNs(request: RecordedRequest, startNs: number, { timeScale }: TraceTiming): number {
  return startNs + timeScale * (request.relativeTimestampSeconds ?? 0) * 1e9;
}

/**
 * When a later turn is due (rules of GuideLLM 0.8.1). By `idle_gap` the recorded pause after the end of each parent, the
 * latest counts; a parent whose end or time is unknown counts with the turn's recorded time. The caller lets no turn start
 * before its parents have ended.
 */
export function turnDueNs(
  turn: RecordedRequest,
  parents: readonly RecordedParent[],
  { startNs, timing }: { readonly startNs: number; readonly timing: TraceTiming },
): number {
  const recordedNs = rootDueNs(turn, startNs, timing);
  if (timing.scheduleTurn === "timestamp" || parents.length === 0) return recordedNs;
  return Math.max(
    ...parents.map((parent) => {
      const gap = pauseSeconds(turn, parent);
      return gap === null || Number.isNaN(parent.endedNs) ? recordedNs : parent.endedNs + timing.timeScale * gap * 1e9;
    }),
  );
}

function pauseSeconds(turn: RecordedRequest, parent: RecordedParent): number | null {
  if (turn.relativeTimestampSeconds === null || parent.relativeTimestampSeconds === null) return null;
  const between = turn.relativeTimestampSeconds - parent.relativeTimestampSeconds;
  return Math.max(0, between - (parent.traceDurationSeconds ?? 0));
}
