import type { EngineMetrics } from "../bridge/records.js";

/**
 * What the engine's side tells of a request beside its tokens, in milliseconds; fields that its version does not tell are
 * left out.
 *
 * @param delays - From this process's write to the engine's call, and from the engine's steps to its outputs in the
 * bridge (mean; NaN when the engine does not stamp its steps), in nanoseconds.
 */
export function responseMetrics(
  metrics: EngineMetrics | null,
  delays: { readonly bridgeNs: number; readonly outputNs: number },
): Record<string, number | boolean> {
  const found: Record<string, number | boolean | null | undefined> = {
    bridge_delay_ms: delays.bridgeNs / 1e6,
    output_delay_ms: Number.isNaN(delays.outputNs) ? null : delays.outputNs / 1e6,
    queue_ms: between(metrics?.queued, metrics?.scheduled),
    prefill_ms: between(metrics?.scheduled, metrics?.first_token),
    decode_ms: between(metrics?.first_token, metrics?.last_token),
    first_token_latency_ms: metrics?.first_token_latency_ms,
    batch_size: metrics?.batch_size,
    batch_wait_ms: metrics?.batch_wait === undefined ? null : metrics.batch_wait / 1e6,
    corrupted: metrics?.corrupted === true ? true : null,
  };
  const told = Object.entries(found).filter((entry): entry is [string, number | boolean] => entry[1] != null);
  return Object.fromEntries(told);
}

function between(startNs: number | null | undefined, endNs: number | null | undefined): number | null {
  return startNs == null || endNs == null ? null : (endNs - startNs) / 1e6;
}
