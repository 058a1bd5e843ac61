import { CoreError } from "@core/registry";
import type { DataWireError } from "./messages.js";

/** Takes an error apart for structured clone. */
export function toDataWireError(error: unknown): DataWireError {
  if (CoreError.isInstance(error)) return { message: error.message, code: error.code, hint: error.hint ?? null };
  return { message: error instanceof Error ? error.message : String(error), code: null, hint: null };
}

/** Puts an error together again; code and hint survive. */
export function fromDataWireError(wire: DataWireError): CoreError {
  const code = wire.code ?? "CORE_DATA_WORKER_DIED";
  return new CoreError(wire.message, wire.hint === null ? { code } : { code, hint: wire.hint });
}
