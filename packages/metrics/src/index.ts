export { bucketLowerNs, bucketMidpointNs, GAP_BUCKETS, gapBucket } from "./gap-bucket.js";
export { GapHistogram } from "./gap-histogram.js";
export { type MergedUsage, type MergeUsageInput, mergeUsage } from "./merged-usage.js";
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
