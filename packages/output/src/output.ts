import type { ReportDocument } from "@core/benchmark";

/** Where outputs go. */
export interface OutputContext {
  /** Folder of the run, absolute; files without a path of their own go here. */
  readonly directory: string;
  /** Folder that relative paths of the user start from. */
  readonly workingDirectory: string;
  /** Takes text for the person or program that reads stdout. */
  readonly print: (text: string) => void;
  /** Columns of the terminal behind {@link print}; null when it is none, and lines may be of any length. */
  readonly columns: number | null;
}

/** A way to write a report. */
export abstract class Output {
  /** Throws when the place to write to cannot be used. Called before the load starts, so that no run is lost. */
  async check(_context: OutputContext): Promise<void> {}

  /**
   * Writes the report.
   *
   * @returns Where it was written, for the message at the end; null when there is nothing to say.
   * @throws {OutputError} CORE_OUTPUT_NOT_WRITABLE.
   */
  abstract write(report: ReportDocument, context: OutputContext): Promise<string | null>;
}
