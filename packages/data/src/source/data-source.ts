import type { Tokenizer } from "@core/tokenizer";

/** A row of a source: cells by column name. */
export type DataRow = Readonly<Record<string, unknown>>;

/** Rows of one `data` entry of the configuration, opened and ready to be read. */
export interface DataSource {
  /** Name for messages and for column mappings that address a source by name. */
  readonly name: string;
  /** Column names in order. */
  readonly columns: readonly string[];
  /** Number of rows; null for endless sources. */
  readonly rowCount: number | null;
  /** Classes of traffic that its whole conversations name; left out where only they tell. */
  readonly classes?: readonly string[];
  /** Row `index`, at least 0 and below `rowCount`. Depends on seed, epoch and index alone. */
  row(index: number, epoch: number): DataRow;
}

/** What a source is given to open itself. */
export interface DataSourceDependencies {
  /** Position of the source in the configuration. */
  readonly sourceIndex: number;
  /** Seed of the run. */
  readonly seed: number;
  /** Loads the tokenizer, once, when somebody asks. */
  readonly tokenizer: () => Promise<Tokenizer>;
}
