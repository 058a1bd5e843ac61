/** What a server understands beyond the API that all share. */
export interface ServerDialect {
  /** `ignore_eos`, which makes a requested length exact. */
  readonly ignoreEos: boolean;
  /** `stream_options.continuous_usage_stats`, a running token count in every event. */
  readonly continuousUsage: boolean;
  /** Name of the output limit of a chat. */
  readonly chatLimit: "max_completion_tokens" | "max_tokens";
}

/** Dialects by the name of the server. */
export const SERVER_DIALECTS = {
  vllm: { ignoreEos: true, continuousUsage: true, chatLimit: "max_completion_tokens" },
  sglang: { ignoreEos: true, continuousUsage: true, chatLimit: "max_completion_tokens" },
  tgi: { ignoreEos: false, continuousUsage: false, chatLimit: "max_tokens" },
  "llama.cpp": { ignoreEos: true, continuousUsage: false, chatLimit: "max_tokens" },
  openai: { ignoreEos: false, continuousUsage: false, chatLimit: "max_completion_tokens" },
} as const satisfies Readonly<Record<string, ServerDialect>>;

/** Fields that only some servers know. */
const DIALECT_FIELDS = ["ignore_eos", "continuous_usage_stats", "stream_options", "max_completion_tokens"] as const;

/** Fields of a dialect that a refusal names. */
export function refusedFields(refusal: string): readonly string[] {
  return DIALECT_FIELDS.filter((field) => refusal.includes(field));
}

/** A server whose dialect is known. */
export type ServerName = keyof typeof SERVER_DIALECTS;
