import { dataWaitsSeconds } from "./data-waits.js";
import type { DerivedWindow } from "./derive-window.js";
import type { DistributionSummary, MetricConventions, StatusCounts } from "./distribution-summary.js";
import { RECORD_STATUS, type RecordField } from "./record-layout.js";
import type { RecordTable } from "./record-table.js";
import { sortSample } from "./sample.js";
import { summarizeSample } from "./summarize-sample.js";

/** How the client itself did, over the whole run. Times are epoch seconds, averages are seconds, null is "no data". */
export interface SchedulerMetrics {
  readonly start_time: number;
  readonly request_start_time: number;
  readonly measure_start_time: number;
  readonly measure_end_time: number;
  readonly request_end_time: number;
  readonly end_time: number;
  /** Incomplete counts every cancelled request, started or not. */
  readonly requests_made: StatusCounts;
  /** Seconds the load waited for each conversation of the data; 0 for those that were ready in time. */
  readonly generation_delay: DistributionSummary;
  readonly queued_time_avg: number | null;
  readonly resolve_start_delay_avg: number | null;
  readonly resolve_targeted_start_delay_avg: number | null;
  readonly request_start_delay_avg: number | null;
  readonly request_targeted_start_delay_avg: number | null;
  readonly request_time_avg: number | null;
  readonly resolve_end_delay_avg: number | null;
  readonly resolve_time_avg: number | null;
  /** Null: results travel in batches, so there is no such instant for one request. */
  readonly finalized_delay_avg: null;
  readonly processed_delay_avg: null;
  /** True unless the data ran out. */
  readonly dataset_incomplete: boolean;
  readonly strategy_type: string;
}

/** What {@link compileSchedulerMetrics} needs. */
export interface SchedulerMetricsInput {
  readonly table: RecordTable;
  readonly window: DerivedWindow;
  readonly schedulerStartNs: number;
  readonly schedulerEndNs: number;
  readonly strategyType: string;
  readonly datasetExhausted: boolean;
  /** Wall-clock epoch seconds at instant 0 of the run's clock. */
  readonly epochWallSeconds: number;
  readonly conventions?: MetricConventions;
}

/** Compiles the scheduler metrics of one benchmark from all its records, without a window. */
export function compileSchedulerMetrics(input: SchedulerMetricsInput): SchedulerMetrics {
  const { table, window } = input;
  const wall = (atNs: number): number => input.epochWallSeconds + atNs / 1e9;
  const average = (from: RecordField, to: RecordField) => meanSeconds(table.column(from), table.column(to));
  return {
    start_time: wall(input.schedulerStartNs),
    request_start_time: wall(window.requestStartNs),
    measure_start_time: wall(window.startNs),
    measure_end_time: wall(window.endNs),
    request_end_time: wall(window.requestEndNs),
    end_time: wall(input.schedulerEndNs),
    requests_made: countByStatus(table),
    generation_delay: summarizeSample(sortSample(dataWaitsSeconds(table, input.strategyType), null), {
      conventions: input.conventions ?? "goodput",
    }),
    queued_time_avg: average("queued_ns", "dequeued_ns"),
    resolve_start_delay_avg: meanSeconds(scheduledAt(table), table.column("resolve_start_ns")),
    resolve_targeted_start_delay_avg: average("intended_start_ns", "resolve_start_ns"),
    request_start_delay_avg: average("resolve_start_ns", "send_ns"),
    request_targeted_start_delay_avg: average("intended_start_ns", "send_ns"),
    request_time_avg: average("send_ns", "end_ns"),
    resolve_end_delay_avg: average("end_ns", "resolve_end_ns"),
    resolve_time_avg: average("resolve_start_ns", "resolve_end_ns"),
    finalized_delay_avg: null,
    processed_delay_avg: null,
    dataset_incomplete: !input.datasetExhausted,
    strategy_type: input.strategyType,
  };
}

/** When a request could be called at the earliest: taken by a slot, and its intended start reached. */
function scheduledAt(table: RecordTable): Float64Array {
  const intended = table.column("intended_start_ns");
  return table.column("dequeued_ns").map((dequeued, row) => {
    const target = intended[row] ?? Number.NaN;
    return Number.isNaN(target) ? dequeued : Math.max(target, dequeued);
  });
}

function meanSeconds(from: Float64Array, to: Float64Array): number | null {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < from.length; row += 1) {
    const difference = (to[row] ?? Number.NaN) - (from[row] ?? Number.NaN);
    if (Number.isNaN(difference)) continue;
    sum += difference;
    count += 1;
  }
  return count === 0 ? null : sum / count / 1e9;
}

function countByStatus(table: RecordTable): StatusCounts {
  const status = table.column("status");
  const successful = status.filter((value) => value === RECORD_STATUS.completed).length;
  const errored = status.filter((value) => value === RECORD_STATUS.errored).length;
  return { successful, errored, incomplete: table.count - successful - errored, total: table.count };
}
