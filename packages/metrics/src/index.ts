import "./register.js";

export { blockThroughput } from "./block-throughput.js";
export { type CompileMetricsInput, compileMetrics } from "./compile-metrics.js";
export {
  compileSchedulerMetrics,
  type SchedulerMetrics,
  type SchedulerMetricsInput,
} from "./compile-scheduler-metrics.js";
export { wilsonInterval } from "./confidence-intervals.js";
export { type DerivedWindow, type DeriveWindowInput, deriveWindow } from "./derive-window.js";
export {
  type DistributionSummary,
  type Interval,
  type MetricConventions,
  PERCENTILES,
  type PercentileName,
  type StatusCounts,
  type StatusDistributionSummary,
} from "./distribution-summary.js";
export { METRICS_ERRORS, MetricsError, type MetricsErrorCode } from "./errors.js";
export { bucketLowerNs, bucketMidpointNs, GAP_BUCKETS, gapBucket } from "./gap-bucket.js";
export { GapHistogram } from "./gap-histogram.js";
export type { GenerativeMetrics, TurnMetrics } from "./generative-metrics.js";
export { type MergedUsage, type MergeUsageInput, mergeUsage } from "./merged-usage.js";
export { METRIC_CATALOGUE, type MetricDescription, type MetricUnit } from "./metric-catalogue.js";
export { type MetricsCompiler, metricsKinds } from "./metrics-kinds.js";
export type { GenerativeMetricsArgs } from "./metrics-schema.js";
export type { ModalityMetric } from "./modality-metrics.js";
export { type ClusteredShare, clusteredShare, poolShares, shareInterval } from "./objective/clustered-share.js";
export { judgeShare, type ObjectiveOutcome, type ObjectiveVerdict } from "./objective/judge-objective.js";
export { unknownClass } from "./objective/objective-scope.js";
export { parseObjective } from "./objective/objective-text.js";
export { objectivesField } from "./objective/objectives-field.js";
export type { ObjectiveArgs, ObjectiveMetrics, ObjectiveResult } from "./objectives.js";
export { OUTPUT_TOKEN_SOURCES, type OutputTokenSource, outputTokenSource } from "./output-token-source.js";
export type { RequestRecord } from "./per-request-record.js";
export type { PhaseConfig } from "./phase-limits.js";
export { coarseStudentQuantile, normalQuantile, studentQuantile } from "./quantile-functions.js";
export type { RecordBatch } from "./record-batch.js";
export {
  RECORD_FIELDS,
  RECORD_FLAGS,
  RECORD_OFFSET,
  RECORD_STATUS,
  RECORD_STRIDE,
  type RecordField,
  type RecordStatus,
} from "./record-layout.js";
export { RecordTable } from "./record-table.js";
export { type RecordInput, RecordWriter } from "./record-writer.js";
export { buildRequestColumns, GROUPS, REQUEST_VALUES, type RequestColumns } from "./request-columns.js";
export type { RequestInfo, RequestTimingsRecord } from "./request-info.js";
export {
  RequestRecordList,
  type RequestRecords,
  type RequestRecordsInput,
  toRequestRecords,
} from "./request-records.js";
export { chooseStoredTexts, type RequestTexts } from "./request-texts.js";
export type { UsageRecord } from "./usage-record.js";
export { evaluateWarnings, type MetricWarning } from "./warnings/evaluate-warnings.js";
export { SEVERITIES, type Severity, worstSeverity } from "./warnings/severity.js";
export type { WarningMetric, WarningRule, WarningStatistic } from "./warnings/warning-rule.js";
export type { MeasurementWindow } from "./window-members.js";
