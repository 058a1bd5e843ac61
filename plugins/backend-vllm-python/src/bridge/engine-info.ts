/** What a loaded engine says of itself; null where its version does not tell. */
export interface EngineInfo {
  readonly load_ms: number;
  readonly vllm: string | null;
  readonly model: string | null;
  readonly max_model_len: number | null;
  readonly dtype: string | null;
  readonly device: string | null;
  readonly world_size: number | null;
  readonly block_size: number | null;
  readonly num_blocks: number | null;
}

/** Statistics of the engine. Counters run from its start. */
export interface EngineStats {
  /** Milliseconds since the engine's latest report. */
  readonly age_ms: number;
  readonly running: number | null;
  readonly waiting: number | null;
  /** Part of the KV cache in use, from 0 to 1. */
  readonly kv_usage: number | null;
  /** Tokens of prompts that were looked for in the prefix cache, and those found. */
  readonly prefix: { readonly queries: number; readonly hits: number } | null;
  readonly prompt_tokens: number | null;
  readonly gen_tokens: number | null;
  readonly preemptions: number | null;
}

/** What the engine has counted since its start. */
export interface EngineTotals {
  readonly requests: number;
  readonly prompt_tokens: number;
  readonly gen_tokens: number;
}
