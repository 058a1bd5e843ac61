/** What one constraint knows about how much is left; null where it has no say. */
export interface ConstraintProgress {
  readonly remainingRequests: number | null;
  readonly totalRequests: number | null;
  readonly remainingDurationSeconds: number | null;
  readonly totalDurationSeconds: number | null;
  /** Instant at which the constraint ended the run, null while it has not. */
  readonly stopNs: number | null;
}

/** Progress of a constraint that says nothing about it. */
export const NO_PROGRESS: ConstraintProgress = Object.freeze({
  remainingRequests: null,
  totalRequests: null,
  remainingDurationSeconds: null,
  totalDurationSeconds: null,
  stopNs: null,
});

/** Whether a triggered constraint ends its own benchmark or the rest of the profile too. */
export type StoppingScope = "current" | "all";

/** What a constraint asks for at one instant. */
export interface ConstraintAction {
  readonly requestQueuing: "continue" | "stop";
  readonly requestProcessing: "continue" | "stop_local" | "stop_all";
  readonly stoppingScope: StoppingScope;
  /** Figures behind the decision, under the names of the report. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly progress: ConstraintProgress;
}

/** What constraints look at. */
export interface RunCounts {
  readonly created: number;
  readonly processed: number;
  readonly errored: number;
  /** Start of the run. */
  readonly startNs: number;
  /** Now, or the end of the run once it has ended. */
  readonly nowNs: number;
}

/** Bounds that workers keep exactly, without asking anyone; infinity is none. */
export interface RunLimits {
  /** No more requests than this are issued. */
  readonly issuedRequests: number;
  /** When this many are done, the run is stopped. */
  readonly processedRequests: number;
  /** When this many have failed, the run is stopped. */
  readonly erroredRequests: number;
  /** Nothing is sent later than this after the start. */
  readonly durationSeconds: number;
}

/** Limits that bind nothing. */
export const NO_LIMITS: RunLimits = Object.freeze({
  issuedRequests: Number.POSITIVE_INFINITY,
  processedRequests: Number.POSITIVE_INFINITY,
  erroredRequests: Number.POSITIVE_INFINITY,
  durationSeconds: Number.POSITIVE_INFINITY,
});

/** A request that has ended. */
export interface EndedRequest {
  readonly atNs: number;
  /** Whether it errored; completed and cancelled ones did not. */
  readonly failed: boolean;
}

/** A first token that has come. */
export interface FirstToken {
  readonly atNs: number;
  readonly ttftSeconds: number;
}

/** What has happened in a run since it was last looked at. */
export interface RunObservation {
  readonly counts: RunCounts;
  /** Whether the clock decides about sends. */
  readonly openLoop: boolean;
  /** Requests that the load asks for on average by now; null where only what was sent is known. */
  readonly expected: number | null;
  readonly inFlight: number;
  /** Those in flight that have no token yet. */
  readonly waiting: number;
  /** By end. */
  readonly ended: readonly EndedRequest[];
  /** By instant. */
  readonly firstTokens: readonly FirstToken[];
}

/** Decides when a run ends. One object serves one run. */
export interface Constraint {
  readonly kind: string;
  readonly stoppingScope: StoppingScope;
  readonly limits: Partial<RunLimits>;
  /** Told several times a second until the run is stopped, and once at its end; absent where limits say it all. */
  watch?(observation: RunObservation): void;
  /** The action at the instant of `counts`; has no side effects. */
  evaluate(counts: RunCounts): ConstraintAction;
}
