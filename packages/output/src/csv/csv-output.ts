import type { ReportDocument } from "@core/benchmark";
import { assertWritable, resolveOutputPath, writeAtomically } from "../atomic-file.js";
import { Output, type OutputContext } from "../output.js";
import { csvText } from "./csv-text.js";

/** Writes one row per benchmark under three header rows, GuideLLM's layout. */
export class CsvOutput extends Output {
  readonly #path: string | null;

  constructor(args: { readonly path: string | null }) {
    super();
    this.#path = args.path;
  }

  override async check(context: OutputContext): Promise<void> {
    await assertWritable(await resolveOutputPath(this.#path, "benchmarks.csv", context));
  }

  override async write(report: ReportDocument, context: OutputContext): Promise<string> {
    const file = await resolveOutputPath(this.#path, "benchmarks.csv", context);
    await writeAtomically(file, [csvText(report)]);
    return file;
  }
}
