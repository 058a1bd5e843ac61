import { REASONING_PLACEHOLDER } from "../args/multiturn-reasoning-field.js";

/**
 * Earlier reasoning as text to be sent again; null when there is none or it is left out.
 *
 * @param mode - False leaves it out, true wraps it in think tags, a template has it in place of `{reasoning}`.
 */
export function replayReasoning(reasoning: string | null, mode: boolean | string): string | null {
  if (mode === false || reasoning === null || reasoning === "") return null;
  const template = mode === true ? `<think>${REASONING_PLACEHOLDER}</think>` : mode;
  return template.replaceAll(REASONING_PLACEHOLDER, () => reasoning); // a function: `$&` in the text is text
}
