/** Totals that an engine has counted itself, independent of what arrived here. They only grow. */
export interface EngineCounters {
  /** Requests that the engine has ended. */
  readonly requests: number;
  /** Tokens of prompts, cached ones too. */
  readonly promptTokens: number;
  /** Tokens that were generated, those of cut requests too. */
  readonly outputTokens: number;
}

/** What an engine counted between two readings; null when one of them is missing. */
export function countedBetween(before: EngineCounters | null, after: EngineCounters | null): EngineCounters | null {
  if (before === null || after === null) return null;
  return {
    requests: after.requests - before.requests,
    promptTokens: after.promptTokens - before.promptTokens,
    outputTokens: after.outputTokens - before.outputTokens,
  };
}
