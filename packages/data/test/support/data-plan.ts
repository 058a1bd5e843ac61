import { tokenizers } from "@core/tokenizer";
import {
  columnMappers,
  type DataPlan,
  dataSources,
  finalizers,
  loaders,
  preprocessors,
  seeds,
} from "../../src/index.js";

interface Given {
  readonly mapper?: Record<string, unknown>;
  readonly media?: Record<string, unknown>;
  readonly loader?: Record<string, unknown>;
  readonly seed?: number;
}

/** A complete plan: the given data with defaults for the rest. */
export function planOf(data: readonly Record<string, unknown>[], given: Given = {}): DataPlan {
  return {
    data: data.map((args) => dataSources.parseArgs(args)),
    data_column_mapper: columnMappers.parseArgs({ kind: "generative_column_mapper", ...given.mapper }),
    data_preprocessors: [preprocessors.parseArgs({ kind: "encode_media", ...given.media })],
    data_finalizer: finalizers.parseArgs({ kind: "generative" }),
    data_loader: loaders.parseArgs({ kind: "pytorch", ...given.loader }),
    tokenizer: tokenizers.parseArgs({ kind: "builtin" }),
    seed: seeds.parseArgs({ kind: "static", value: given.seed ?? 42 }),
  };
}
