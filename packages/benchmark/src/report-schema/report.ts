import { SEVERITIES } from "@core/metrics";
import * as v from "valibot";
import { PHASE_MODES } from "../profile/phase.js";
import { REPORT_VERSION } from "../report/report-document.js";
import { KneeConclusionSchema } from "./knee-conclusion.js";
import { MetricsSchema } from "./metrics.js";
import { CountSchema, NullableNumberSchema, NumberSchema } from "./numbers.js";
import { RequestRecordsSchema } from "./request-record.js";
import {
  DatasetSchema,
  FailureSchema,
  LagRecordSchema,
  SchedulerMetricsSchema,
  SchedulerStateSchema,
  WorkerSchema,
} from "./scheduler.js";

const AnyMappingSchema = v.looseObject({});
const KindSchema = v.looseObject({ kind: v.string() });
const KindsSchema = v.array(KindSchema);

const PhaseSchema = v.nullable(
  v.strictObject({ percent: NullableNumberSchema, value: NullableNumberSchema, mode: v.picklist(PHASE_MODES) }),
);

const EnvironmentSchema = v.strictObject({
  goodput_version: v.string(),
  node_version: v.string(),
  platform: v.string(),
  cpu_model: v.nullable(v.string()),
  cpu_count: CountSchema,
  memory_bytes: CountSchema,
});

const ConfigSchema = v.strictObject({
  plugins: v.array(v.string()),
  metadata: v.looseObject({ labels: v.record(v.string(), v.string()) }),
  spec: v.pipe(
    v.looseObject({
      backend: KindSchema,
      profile: KindSchema,
      constraints: KindsSchema,
      tokenizer: KindSchema,
      data: KindsSchema,
      data_column_mapper: KindSchema,
      data_preprocessors: KindsSchema,
      data_finalizer: KindSchema,
      data_loader: KindSchema,
      seed: KindSchema,
      outputs: KindsSchema,
      metrics: KindSchema,
      objectives: v.array(v.string()),
      workers: v.nullable(CountSchema),
      grace_seconds: NullableNumberSchema,
      fail_on_invalid: v.boolean(),
      canary: v.boolean(),
    }),
    v.description("The fields of each kind are those of the schema of configuration files; secrets are masked."),
  ),
  benchmarks: v.array(v.nullable(AnyMappingSchema)),
});

const BenchmarkConfigSchema = v.strictObject({
  id_: v.string(),
  run_id: v.string(),
  run_index: CountSchema,
  strategy: v.looseObject({ type_: v.string(), worker_count: CountSchema }),
  constraints: v.record(v.string(), KindSchema),
  sample_size: v.nullable(v.pipe(v.number(), v.integer())),
  warmup: PhaseSchema,
  cooldown: PhaseSchema,
  prefer_response_metrics: v.boolean(),
  slo: v.nullable(AnyMappingSchema),
  confidence: NullableNumberSchema,
  warnings: v.array(v.looseObject({ code: v.string(), threshold: NumberSchema })),
  profile: KindSchema,
  requests: AnyMappingSchema,
  backend: v.unknown(),
  environment: EnvironmentSchema,
});

const WarningSchema = v.strictObject({
  code: v.string(),
  severity: v.picklist(SEVERITIES),
  message: v.string(),
  observed: NullableNumberSchema,
  threshold: NullableNumberSchema,
  unit: v.string(),
  sample_count: CountSchema,
  note: v.string(),
});

const ValiditySchema = v.pipe(
  v.strictObject({
    verdict: v.picklist(["valid", "suspect", "invalid"]),
    reasons: v.array(v.strictObject({ code: v.string(), severity: v.picklist(SEVERITIES), message: v.string() })),
    ttft_error_bound_ms: NullableNumberSchema,
    ttft_error_bound_ratio: NullableNumberSchema,
    streams: CountSchema,
    streams_read_at_once: CountSchema,
    tokens_per_read: NullableNumberSchema,
    connections: v.strictObject({
      opened: CountSchema,
      retried: CountSchema,
      setup_ms: v.nullable(v.strictObject({ count: CountSchema, mean: NumberSchema, max: NumberSchema })),
    }),
    delayed_requests: v.strictObject({ by_cap: CountSchema, by_data: CountSchema, by_history: CountSchema }),
  }),
  v.description("Whether the numbers can be those of the server, or were made by this client."),
);

const TokenAccountingSchema = v.pipe(
  v.strictObject({
    requests: CountSchema,
    sources: v.strictObject({
      server: CountSchema,
      tokenizer: CountSchema,
      requested: CountSchema,
      stream_events: CountSchema,
      unknown: CountSchema,
    }),
    requested_length: v.strictObject({ requests: CountSchema, met: CountSchema }),
    requests_with_more_events_than_tokens: CountSchema,
    tokenizer: v.nullable(
      v.strictObject({
        kind: v.string(),
        requests: CountSchema,
        server_tokens: CountSchema,
        tokenizer_tokens: CountSchema,
      }),
    ),
    engine: v.nullable(
      v.strictObject({ requests: CountSchema, prompt_tokens: CountSchema, output_tokens: CountSchema }),
    ),
  }),
  v.description("Where the output token counts of completed requests come from, and how they agree."),
);

const BenchmarkSchema = v.strictObject({
  type_: v.literal("generative_benchmark"),
  config: BenchmarkConfigSchema,
  scheduler_state: SchedulerStateSchema,
  scheduler_metrics: SchedulerMetricsSchema,
  metrics: MetricsSchema,
  requests: RequestRecordsSchema,
  warnings: v.array(WarningSchema),
  validity: ValiditySchema,
  token_accounting: TokenAccountingSchema,
  start_time: v.pipe(NumberSchema, v.description("Start of the measurement window, epoch seconds.")),
  end_time: v.pipe(NumberSchema, v.description("End of the measurement window, epoch seconds.")),
  duration: v.pipe(NumberSchema, v.description("Length of the measurement window, in seconds.")),
  warmup_duration: NumberSchema,
  cooldown_duration: NumberSchema,
  label: v.string(),
  stop_reasons: v.array(v.strictObject({ kind: v.string(), stopping_scope: v.string() })),
  drain: v.pipe(
    v.strictObject({ ended: CountSchema, cut: CountSchema, seconds: NumberSchema }),
    v.description("Requests that were in flight at the stop: how many ended by themselves, and how many were cut."),
  ),
  failures: v.array(FailureSchema),
  dataset: DatasetSchema,
  client: v.strictObject({
    workers: v.array(WorkerSchema),
    canary: v.nullable(v.strictObject({ streams: CountSchema, read_lag_ms: LagRecordSchema })),
  }),
});

/** Schema of a report as it is written: after JSON, without secrets. */
export const ReportSchema = v.pipe(
  v.strictObject({
    metadata: v.strictObject({ version: v.literal(REPORT_VERSION), ...EnvironmentSchema.entries }),
    config: ConfigSchema,
    benchmarks: v.array(BenchmarkSchema),
    conclusions: v.array(
      v.union([KneeConclusionSchema, v.looseObject({ kind: v.string(), summary: v.array(v.string()) })]),
    ),
  }),
  v.title("goodput report"),
);
