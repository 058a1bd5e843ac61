import { REASONING_PLACEHOLDER, STRUCTURED_REASONING } from "../args/multiturn-reasoning-field.js";

/** Earlier reasoning as it is sent again: at most one of both is there. */
export interface ReplayedReasoning {
  /** Put in front of the text. */
  readonly inText: string | null;
  /** Sent apart, in the way of the format. */
  readonly apart: string | null;
}

const NONE: ReplayedReasoning = { inText: null, apart: null };

/**
 * Earlier reasoning to be sent again.
 *
 * @param mode - False leaves it out, true wraps it in think tags, `structured` sends it apart from the text, a template has
 * it in place of `{reasoning}`.
 */
export function replayReasoning(reasoning: string | null, mode: boolean | string): ReplayedReasoning {
  if (mode === false || reasoning === null || reasoning === "") return NONE;
  if (mode === STRUCTURED_REASONING) return { inText: null, apart: reasoning };
  const template = mode === true ? `<think>${REASONING_PLACEHOLDER}</think>` : mode;
  const inText = template.replaceAll(REASONING_PLACEHOLDER, () => reasoning); // a function: `$&` in the text is text
  return { inText, apart: null };
}
