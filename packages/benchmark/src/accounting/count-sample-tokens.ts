import type { RequestSample } from "@core/scheduler";
import type { Tokenizer } from "@core/tokenizer";

/**
 * Output tokens of the kept texts by request index, as the client's tokenizer counts them. Calls of tools are left out:
 * how a model writes them is not in their texts.
 */
export function countSampleTokens(
  samples: readonly Pick<RequestSample, "index" | "status" | "response">[],
  tokenizer: Tokenizer | null,
): ReadonlyMap<number, number> {
  const counted = new Map<number, number>();
  if (tokenizer === null) return counted;
  for (const { index, status, response } of samples) {
    if (status !== "completed" || response === null || response.toolCalls !== null) continue;
    const { text, reasoningText } = response;
    if (text === null) continue;
    counted.set(index, tokenizer.count(text) + (reasoningText === null ? 0 : tokenizer.count(reasoningText)));
  }
  return counted;
}
