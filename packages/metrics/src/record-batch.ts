/** Finished requests on their way from a worker to the main thread. Transfer `rows` and `gaps`. */
export interface RecordBatch {
  /** `count` rows of `RECORD_STRIDE` doubles. */
  readonly rows: ArrayBuffer;
  readonly count: number;
  /** Sparse gap histograms: pairs of `Uint16` (bucket, count); rows point into it by pair offset and pair count. */
  readonly gaps: ArrayBuffer;
  /** Error codes of this writer; the field `error_code_id` is a position in this list. */
  readonly errorCodes: readonly string[];
}
