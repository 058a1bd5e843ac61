import type { RecordTable } from "./record-table.js";
import { buildRequestColumns, GROUPS } from "./request-columns.js";
import { collectTokenEvents } from "./token-events.js";
import { type MeasurementWindow, selectMembers } from "./window-members.js";

/**
 * Output tokens of successful requests per second, in equal parts of the measurement window: their mean is the mean of
 * `output_tokens_per_second`, their scatter tells how sure that is.
 *
 * @param window - Nanoseconds of the run's clock; of no length: all parts are NaN.
 * @param blocks - Number of parts, at least 1.
 */
export function blockThroughput(table: RecordTable, window: MeasurementWindow, blocks: number): Float64Array {
  const columns = buildRequestColumns(table);
  const [start, end] = [window.startNs / 1e9, window.endNs / 1e9];
  const { overlapping } = selectMembers(columns, window);
  const { output } = collectTokenEvents(columns, overlapping, { start, end });
  const { times, weights } = output[GROUPS.indexOf("successful")] ?? { times: [], weights: [] };
  const seconds = (end - start) / blocks;
  const rates = new Float64Array(blocks);
  for (let at = 0; at < times.length; at += 1) {
    const time = times[at] ?? Number.NaN;
    if (!(time >= start && time <= end)) continue;
    const block = Math.min(blocks - 1, Math.floor((time - start) / seconds));
    rates[block] = (rates[block] ?? 0) + (weights[at] ?? 0);
  }
  return rates.map((tokens) => tokens / seconds);
}
