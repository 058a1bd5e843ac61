import * as v from "valibot";
import { DistributionSchema, StatusCountsSchema } from "./distribution.js";
import { CountSchema, NullableCountSchema, NullableNumberSchema, NumberSchema } from "./numbers.js";

const ProgressSchema = v.strictObject({
  remaining_requests: NullableNumberSchema,
  total_requests: NullableNumberSchema,
  remaining_duration: NullableNumberSchema,
  total_duration: NullableNumberSchema,
  stop_time: NullableNumberSchema,
});

const action = v.pipe(
  v.strictObject({
    request_queuing: v.picklist(["continue", "stop"]),
    request_processing: v.picklist(["continue", "stop_local", "stop_all"]),
    stopping_scope: v.picklist(["current", "all"]),
    metadata: v.looseObject({}),
    progress: ProgressSchema,
  }),
  v.title("constraint_action"),
);
const ActionsSchema = v.record(
  v.string(),
  v.lazy(() => action),
);

/** Counters and instants of the scheduler. */
export const SchedulerStateSchema = v.strictObject({
  node_id: CountSchema,
  num_processes: CountSchema,
  start_time: NumberSchema,
  end_time: NumberSchema,
  start_requests_time: NullableNumberSchema,
  end_requests_time: NullableNumberSchema,
  end_queuing_time: NumberSchema,
  end_queuing_constraints: ActionsSchema,
  end_processing_time: NumberSchema,
  end_processing_constraints: ActionsSchema,
  scheduler_constraints: ActionsSchema,
  progress: ProgressSchema,
  created_requests: CountSchema,
  queued_requests: CountSchema,
  pending_requests: CountSchema,
  processing_requests: CountSchema,
  processed_requests: CountSchema,
  successful_requests: CountSchema,
  errored_requests: CountSchema,
  cancelled_requests: CountSchema,
});

/** How the client itself did. */
export const SchedulerMetricsSchema = v.strictObject({
  start_time: NumberSchema,
  request_start_time: NumberSchema,
  measure_start_time: NumberSchema,
  measure_end_time: NumberSchema,
  request_end_time: NumberSchema,
  end_time: NumberSchema,
  requests_made: StatusCountsSchema,
  generation_delay: v.pipe(
    DistributionSchema,
    v.description("Seconds the load waited for each conversation of the data; 0 for those that were ready in time."),
  ),
  queued_time_avg: NullableNumberSchema,
  resolve_start_delay_avg: NullableNumberSchema,
  resolve_targeted_start_delay_avg: NullableNumberSchema,
  request_start_delay_avg: NullableNumberSchema,
  request_targeted_start_delay_avg: NullableNumberSchema,
  request_time_avg: NullableNumberSchema,
  resolve_end_delay_avg: NullableNumberSchema,
  resolve_time_avg: NullableNumberSchema,
  finalized_delay_avg: v.null(),
  processed_delay_avg: v.null(),
  dataset_incomplete: v.boolean(),
  strategy_type: v.string(),
});

/** A lag in milliseconds. */
export const LagRecordSchema = v.strictObject({
  count: CountSchema,
  mean: NumberSchema,
  std_dev: NumberSchema,
  p50: NumberSchema,
  p99: NumberSchema,
  max: NumberSchema,
});
const LagSchema = v.nullable(LagRecordSchema);

/** What one request worker of the client went through. */
export const WorkerSchema = v.strictObject({
  worker: CountSchema,
  send_lag_ms: LagSchema,
  late_sends: CountSchema,
  delayed_by_cap: CountSchema,
  delayed_by_data: CountSchema,
  delayed_by_history: CountSchema,
  due_not_sent: CountSchema,
  dropped: CountSchema,
  reanchored: CountSchema,
  abandoned: CountSchema,
  elapsed_seconds: NullableNumberSchema,
  event_loop_delay_ms: LagSchema,
  event_loop_utilization: NullableNumberSchema,
  read_lag_ms: LagSchema,
  cpu_seconds: NullableNumberSchema,
  polling_seconds: NullableNumberSchema,
  garbage_collection_ms: v.nullable(v.strictObject({ count: CountSchema, total: NumberSchema, max: NumberSchema })),
  run_queue: v.nullable(
    v.strictObject({
      wait_share: NumberSchema,
      worst_wait_share: NumberSchema,
      turns: CountSchema,
      mean_wait_ms: NumberSchema,
    }),
  ),
  warm_failure: v.nullable(v.string()),
});

/** What the data did. */
export const DatasetSchema = v.strictObject({
  generated: CountSchema,
  skipped_rows: CountSchema,
  exhausted: v.boolean(),
  production_ms: v.nullable(v.strictObject({ count: CountSchema, mean: NumberSchema, max: NumberSchema })),
});

/** A class of failures. */
export const FailureSchema = v.strictObject({
  code: v.string(),
  count: CountSchema,
  message: v.pipe(
    v.string(),
    v.description("The first one; may hold text from the server, which is not to be trusted."),
  ),
  phase: v.string(),
  status: NullableCountSchema,
});
