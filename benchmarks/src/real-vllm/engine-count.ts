/** Ended requests and tokens, as an engine or a report counts them. */
export interface EngineCount {
  readonly requests: number;
  readonly prompt_tokens: number;
  readonly output_tokens: number;
}

/** Sum of counts. */
export function sumOfCounts(counts: readonly EngineCount[]): EngineCount {
  const sum = (name: keyof EngineCount): number => counts.reduce((total, count) => total + count[name], 0);
  return { requests: sum("requests"), prompt_tokens: sum("prompt_tokens"), output_tokens: sum("output_tokens") };
}

/** Totals of a running `vllm serve` since its start, from its metrics. */
export async function servedTotals(url: string): Promise<EngineCount> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const total = (name: string): number => {
    const lines = text.split("\n").filter((line) => line.startsWith(`vllm:${name}{`));
    if (lines.length === 0) throw new Error(`vLLM's metrics hold no ${name}`);
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0); // one for each reason
  };
  return {
    requests: total("request_success_total"),
    prompt_tokens: total("prompt_tokens_total"),
    output_tokens: total("generation_tokens_total"),
  };
}

/** What was counted between two readings. */
export function countedSince(before: EngineCount, after: EngineCount): EngineCount {
  return {
    requests: after.requests - before.requests,
    prompt_tokens: after.prompt_tokens - before.prompt_tokens,
    output_tokens: after.output_tokens - before.output_tokens,
  };
}
