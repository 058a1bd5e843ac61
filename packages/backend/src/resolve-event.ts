import type { Clock } from "./clock.js";
import type { RequestTimings } from "./request-timings.js";
import type { GenerationResponse } from "./response.js";

/** How far a request had come when it failed. */
export type FailurePhase = "prepare" | "connect" | "send" | "first_byte" | "stream" | "body" | "validate" | "cancel";

/** Why a request did not complete. Holds no credentials. */
export interface RequestFailure {
  /** Stable identifier from an error table, the unit in which failures are counted. */
  readonly code: string;
  readonly message: string;
  readonly phase: FailurePhase;
  /** HTTP status, when there was one. */
  readonly status?: number;
  /** Beginning of the response body, at most 1,024 characters; text from the server, not to be trusted. */
  readonly body?: string;
  readonly retryAfterSeconds?: number;
}

/** The first token has arrived. At most once, only when streaming. */
export interface FirstTokenEvent {
  readonly type: "first-token";
  readonly atNs: number;
}

/** The request completed. Terminal. */
export interface FinalEvent {
  readonly type: "final";
  readonly response: GenerationResponse;
}

/** The request ended early; what had arrived is kept. Terminal. */
export interface PartialEvent {
  readonly type: "partial";
  readonly reason: "errored" | "cancelled";
  readonly response: GenerationResponse;
  readonly failure: RequestFailure;
}

/** What `resolve` yields: at most one first token, then exactly one terminal event. */
export type ResolveEvent = FirstTokenEvent | FinalEvent | PartialEvent;

/** What a backend is given to serve one request. */
export interface ResolveContext {
  /** Aborts when the run is cut; the backend then yields a partial event with reason `cancelled`. */
  readonly signal: AbortSignal;
  /** Where the backend writes its stamps and counts. */
  readonly timings: RequestTimings;
  readonly clock: Clock;
  /** False when nobody will read the texts: `text`, `reasoningText` and `requestArgs` may stay null. */
  readonly keepText: boolean;
}
