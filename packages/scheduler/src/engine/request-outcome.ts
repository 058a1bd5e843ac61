import type { GenerationResponse, RequestFailure } from "@core/backend";
import { CoreError } from "@core/registry";
import type { RequestSlot } from "./request-slot.js";

/** How a request ended. */
export interface RequestOutcome {
  readonly status: "completed" | "errored" | "cancelled";
  readonly response: GenerationResponse | null;
  readonly failure: RequestFailure | null;
}

/** Reads the end of a request off its slot: the first terminal event counts, whatever came after it. */
export function outcomeOf(slot: RequestSlot): RequestOutcome {
  const failure = slot.launch?.work.failure ?? null;
  if (failure !== null) return { status: "errored", response: null, failure };
  const { terminal } = slot;
  if (terminal?.type === "final") return { status: "completed", response: terminal.response, failure: null };
  if (terminal !== null) return { status: terminal.reason, response: terminal.response, failure: terminal.failure };
  return { status: slot.signal.aborted ? "cancelled" : "errored", response: null, failure: brokenContract(slot) };
}

/** How a request ends whose backend does not end it: cancelled, unless its end had come after all. */
export function outcomeOfAbandoned(slot: RequestSlot, worker: number): RequestOutcome {
  if (slot.terminal !== null) return outcomeOf(slot);
  const message = `The backend did not end the request after it was cut (worker ${worker}).`;
  const failure: RequestFailure = { code: "CORE_SCHEDULER_ABORT_IGNORED", message, phase: "cancel" };
  return { status: "cancelled", response: null, failure };
}

function brokenContract(slot: RequestSlot): RequestFailure {
  const error = slot.thrown?.error;
  const text = error instanceof Error || CoreError.isInstance(error) ? error.message : String(error);
  const problem = slot.thrown === null ? "ended without a terminal event" : `threw: ${text}`;
  return { code: "CORE_BACKEND_RESOLVE_THREW", message: `The backend's resolve ${problem}`, phase: "stream" };
}
