import { availableParallelism } from "node:os";

/** Arguments of the engine, short enough that an answer of no requested length ends within the contract's time. */
export const ENGINE_ARGS = {
  load_format: "dummy",
  dtype: "float32",
  max_model_len: 160,
  max_num_seqs: 16,
  enforce_eager: true,
  generation_config: "vllm",
} as const;

/** The same as options of `vllm serve`. */
export const SERVE_OPTIONS: readonly string[] = Object.entries(ENGINE_ARGS).flatMap(([name, value]) => {
  const option = `--${name.replaceAll("_", "-")}`;
  return value === true ? [option] : [option, String(value)];
});

/**
 * Cores of the engine's core and worker, and of everything else: those two poll without pause and would starve the client.
 * Null where there is one core only or no `taskset`: then the figures are not to be trusted.
 */
export const CORES = process.platform === "linux" && availableParallelism() > 1 ? { engine: 0, client: 1 } : null;
