import type { ReportDocument } from "@core/benchmark";
import { assertWritable, resolveOutputPath, writeAtomically } from "../atomic-file.js";
import { Output, type OutputContext } from "../output.js";
import { jsonPieces } from "./json-pieces.js";

/** Writes the whole report as one JSON document. Secrets are masked by their own `toJSON`; what is not finite is null. */
export class JsonOutput extends Output {
  readonly #path: string | null;

  constructor(args: { readonly path: string | null }) {
    super();
    this.#path = args.path;
  }

  override async check(context: OutputContext): Promise<void> {
    await assertWritable(await resolveOutputPath(this.#path, "benchmarks.json", context));
  }

  override async write(report: ReportDocument, context: OutputContext): Promise<string> {
    const file = await resolveOutputPath(this.#path, "benchmarks.json", context);
    await writeAtomically(file, jsonPieces(report));
    return file;
  }
}
