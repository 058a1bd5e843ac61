/**
 * A warmup or cooldown as configured: a share of the run, or an absolute value in seconds or requests; with the mode
 * `auto` neither, it is then found in what was measured.
 */
export interface PhaseConfig {
  /** In [0, 1); wins over `value`. */
  readonly percent: number | null;
  /** At least 0. */
  readonly value: number | null;
  readonly mode: "duration" | "requests" | "prefer_duration" | "prefer_requests" | "both" | "auto";
}

/** Size of a run as its constraints promise it; null is unknown. */
export interface RunSize {
  readonly maxDurationSeconds: number | null;
  /** Limit of requests, or the size of the data once it has run out. */
  readonly maxRequests: number | null;
}

/** What a phase cuts off; null is nothing. */
export interface PhaseLimits {
  readonly seconds: number | null;
  readonly requests: number | null;
}

const NOTHING: PhaseLimits = Object.freeze({ seconds: null, requests: null });

/**
 * Turns a phase into limits. As in GuideLLM, except that an absolute value is honoured also when the run has neither a
 * duration nor a request limit: as requests in the request modes, else as seconds.
 */
export function resolvePhase(phase: PhaseConfig | null, size: RunSize): PhaseLimits {
  if (phase === null || phase.mode === "auto") return NOTHING;
  const { mode, percent, value } = phase;
  const seconds = mode === "requests" ? null : share(percent, value, size.maxDurationSeconds);
  const requestShare = mode === "duration" ? null : share(percent, value, size.maxRequests);
  const requests = requestShare === null ? null : Math.floor(requestShare);
  if (seconds === null && requests === null) return absoluteLimit(phase);
  if (mode === "prefer_duration" && seconds !== null) return { seconds, requests: null };
  if (mode === "prefer_requests" && requests !== null) return { seconds: null, requests };
  return { seconds, requests };
}

function share(percent: number | null, value: number | null, total: number | null): number | null {
  if (total === null) return null;
  return percent === null ? value : percent * total;
}

function absoluteLimit(phase: PhaseConfig): PhaseLimits {
  if (phase.value === null || phase.percent !== null) return NOTHING;
  const countsRequests = phase.mode === "requests" || phase.mode === "prefer_requests";
  return countsRequests
    ? { seconds: null, requests: Math.floor(phase.value) }
    : { seconds: phase.value, requests: null };
}
