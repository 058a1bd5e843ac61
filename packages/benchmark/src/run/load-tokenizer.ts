import type { Logger } from "@core/backend";
import { createTokenizer, type Tokenizer } from "@core/tokenizer";
import type { ResolvedSpec } from "../spec/resolved-spec.js";

/** The tokenizer of a run, to count the kept texts with; null when none are kept, or it cannot be loaded. */
export async function loadTokenizer({ tokenizer, metrics }: ResolvedSpec, logger: Logger): Promise<Tokenizer | null> {
  if (metrics.sample_size !== null && metrics.sample_size <= 0) return null;
  try {
    return await createTokenizer(tokenizer);
  } catch (error) {
    logger.warn(`Output tokens are not compared with the tokenizer: ${(error as Error).message}`);
    return null;
  }
}
