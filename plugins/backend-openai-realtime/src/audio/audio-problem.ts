import { BackendError } from "@core/backend";

/** The error for audio that cannot be sent. */
export function audioProblem(problem: string): BackendError {
  return new BackendError(`The audio cannot be sent: ${problem}.`, {
    code: "CORE_BACKEND_UNUSABLE_REQUEST",
    hint: "Give one item of audio per request: WAV, or 16-bit PCM with format pcm16.",
  });
}
