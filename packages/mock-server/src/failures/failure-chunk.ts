import type { ReplyPlan } from "../reply-plan.js";
import type { SeededRandom } from "../seeded-random.js";
import type { Failure } from "./failure.js";

/**
 * Index of the chunk in whose place a stream fails: the first one with as many tokens before it as the failure says, else
 * one that is drawn, after the first where there are several. As many as there are chunks: in place of the end; -1: nowhere.
 */
export function failureChunk(failure: Failure | null, { chunks }: ReplyPlan, random: SeededRandom): number {
  if (failure?.at === "end") return chunks.length;
  if (failure?.at !== "tokens") return -1;
  const { after_tokens } = failure;
  if (after_tokens === null) return chunks.length > 1 ? 1 + Math.floor(random.uniform() * (chunks.length - 1)) : 0;
  const index = chunks.findIndex(({ firstToken }) => firstToken >= after_tokens);
  return index < 0 ? chunks.length : index;
}
