/** A table of figures, printed and stored. */
export interface Measure {
  /** Names it for comparison with an earlier run. */
  readonly id: string;
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly MeasureRow[];
}

/** One line of a measure. */
export interface MeasureRow {
  /** What was measured, unique within the measure. */
  readonly name: string;
  /** A figure for each further column of the header; `NaN` is unknown. */
  readonly figures: readonly number[];
  /** Printed after the figures. */
  readonly note?: string;
}

/** Cores for server and client. */
export interface Cores {
  readonly server: number | null;
  readonly client: number | null;
}
