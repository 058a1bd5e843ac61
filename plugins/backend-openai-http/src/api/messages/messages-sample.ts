const TOKENS = 24;

/** A stream of a few tokens, as vLLM sends it. */
export function messagesSample(): readonly string[] {
  const usage = { input_tokens: 9, output_tokens: 0 };
  const message = { id: "msg_0123456789abcdef", type: "message", role: "assistant", content: [], usage };
  const delta = { type: "content_block_delta", delta: { type: "text_delta", text: " word" }, index: 0 };
  return [
    { type: "message_start", message },
    { type: "content_block_start", content_block: { type: "text", text: "" }, index: 0 },
    ...Array.from({ length: TOKENS }, () => delta),
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "max_tokens" }, usage: { ...usage, output_tokens: TOKENS } },
    { type: "message_stop" },
  ].map((event) => JSON.stringify(event));
}
