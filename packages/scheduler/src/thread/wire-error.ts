import { CoreError } from "@core/registry";

/** An error on its way to another thread: classes do not survive structured clone. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly code: string | null;
  readonly hint: string | null;
}

/** Takes an error apart. */
export function toWireError(error: unknown): WireError {
  if (CoreError.isInstance(error)) {
    return { name: error.name, message: error.message, code: error.code, hint: error.hint ?? null };
  }
  if (error instanceof Error) return { name: error.name, message: error.message, code: null, hint: null };
  return { name: "Error", message: String(error), code: null, hint: null };
}

/**
 * Puts an error together again. Codes and hints of this project's errors survive; anything else is a failure of the
 * worker, which is named.
 */
export function fromWireError(wire: WireError, worker: number): CoreError {
  const { message, hint } = wire;
  if (wire.code !== null)
    return new CoreError(message, hint === null ? { code: wire.code } : { code: wire.code, hint });
  return new CoreError(`Request worker ${worker} failed: ${wire.name}: ${message}`, {
    code: "CORE_SCHEDULER_WORKER_FAILED",
  });
}
