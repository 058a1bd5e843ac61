const TOKENS = 24;

/** A stream of a few tokens, as vLLM sends it. */
export function responsesSample(): readonly string[] {
  let number = 0;
  const event = (type: string, more: object) => {
    number += 1;
    return JSON.stringify({ ...more, sequence_number: number - 1, type: `response.${type}` });
  };
  const response = { id: "resp_0123456789abcdef", object: "response", model: "rehearsal", status: "in_progress" };
  const place = { content_index: 0, item_id: "msg_0123456789abcdef", output_index: 0 };
  const usage = { input_tokens: 9, output_tokens: TOKENS, total_tokens: TOKENS + 9 };
  return [
    event("created", { response }),
    event("output_item.added", { output_index: 0, item: { type: "message", role: "assistant", content: [] } }),
    ...Array.from({ length: TOKENS }, () => event("output_text.delta", { ...place, delta: " word", logprobs: [] })),
    event("completed", { response: { ...response, status: "completed", usage } }),
  ];
}
