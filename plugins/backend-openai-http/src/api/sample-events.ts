const TOKENS = 24;

/** A stream of a few tokens, with running usage, a finish reason, the usage at the end and the end marker. */
export function sampleEvents(object: string, choiceOf: (text: string) => object): readonly string[] {
  const common = { id: "rehearsal-0123456789abcdef", object, created: 1_700_000_000, model: "rehearsal" };
  const usage = (tokens: number) => ({ prompt_tokens: 9, total_tokens: tokens + 9, completion_tokens: tokens });
  const tokens = Array.from({ length: TOKENS }, (_, index) => {
    const finish_reason = index === TOKENS - 1 ? "length" : null;
    const choice = { index: 0, ...choiceOf(" word"), logprobs: null, finish_reason };
    return JSON.stringify({ ...common, choices: [choice], usage: usage(index + 1) });
  });
  return [...tokens, JSON.stringify({ ...common, choices: [], usage: usage(TOKENS) }), "[DONE]"];
}
