/** A profile's answer to the question it asks, for the report. Plain data. */
export interface Conclusion {
  /** What sort of answer this is; its other fields follow from it. */
  readonly kind: string;
  /** The answer in sentences, for a person. */
  readonly summary: readonly string[];
  readonly [field: string]: unknown;
}
