import type { Span } from "../reply-content.js";
import { asciiOnly, type ReplyContents, type ReplyFrames, typedEvent } from "../reply-frames.js";
import type { PlannedChunk } from "../reply-plan.js";
import { type Block, BlockCursor, blocksOf } from "./blocks.js";

/** Frames of the messages API. */
export class MessagesFrames implements ReplyFrames {
  readonly #contents: ReplyContents;
  readonly #blocks: readonly Block[];
  readonly #cursor: BlockCursor;

  constructor(contents: ReplyContents) {
    this.#contents = contents;
    this.#blocks = blocksOf(contents.content);
    this.#cursor = new BlockCursor(this.#blocks);
  }

  opening(): readonly string[] {
    const message = { ...this.#identity(), content: [], stop_reason: null, usage: this.#usage(0) };
    return [event("message_start", { message }), event("ping", {})];
  }

  chunk({ firstToken, tokens }: PlannedChunk): readonly string[] {
    const events: string[] = [];
    for (const span of this.#contents.content.spans(firstToken, firstToken + tokens)) {
      const before = this.#cursor.index;
      if (this.#cursor.moveTo(span)) {
        if (before >= 0) events.push(event("content_block_stop", { index: before }));
        events.push(this.#start());
      }
      events.push(deltaEvent(span, this.#cursor.index));
    }
    return events;
  }

  closing(): readonly string[] {
    const delta = { stop_reason: this.#stopReason, stop_sequence: null };
    return [
      event("content_block_stop", { index: this.#cursor.index }),
      event("message_delta", { delta, usage: this.#usage(this.#contents.content.outputTokens) }),
      event("message_stop", {}),
    ];
  }

  failure(): readonly string[] {
    return [event("error", { error: { type: "api_error", message: "An error was injected." } })];
  }

  whole(): string {
    const content = this.#blocks.map((block) => this.#block(block));
    const usage = this.#usage(this.#contents.content.outputTokens);
    return asciiOnly(JSON.stringify({ ...this.#identity(), content, stop_reason: this.#stopReason, usage }));
  }

  get #stopReason(): string {
    const { plan, content } = this.#contents;
    if (content.calls.length > 0) return "tool_use";
    return plan.finishReason === "length" ? "max_tokens" : "end_turn";
  }

  /** What begins has no text and no input yet. */
  #start(): string {
    const index = this.#cursor.index;
    const block = this.#blocks[index] ?? { kind: "text", call: -1, text: "" };
    return event("content_block_start", {
      content_block: this.#block({ ...block, text: block.kind === "call" ? "{}" : "" }),
      index,
    });
  }

  #block({ kind, call, text }: Block): object {
    if (kind === "text") return { type: "text", text };
    if (kind === "reasoning") return { type: "thinking", thinking: text, signature: "" };
    const { id, name } = this.#contents.content.calls[call] ?? {};
    return { type: "tool_use", id, name, input: JSON.parse(text) as unknown };
  }

  #identity(): object {
    const { id, model } = this.#contents;
    return { id, type: "message", role: "assistant", model, stop_sequence: null };
  }

  #usage(outputTokens: number): object {
    const { promptTokens, cachedTokens } = this.#contents.request;
    if (cachedTokens === null) return { input_tokens: promptTokens, output_tokens: outputTokens };
    const cache = { cache_creation_input_tokens: 0, cache_read_input_tokens: cachedTokens };
    return { input_tokens: promptTokens - cachedTokens, ...cache, output_tokens: outputTokens };
  }
}

function event(type: string, fields: object): string {
  return typedEvent(type, { type, ...fields });
}

/** Perf: written by hand, since there is one for every token; the words of a reply need no escapes. */
function deltaEvent({ kind, text }: Span, index: number): string {
  if (kind === "call") {
    return event("content_block_delta", { delta: { type: "input_json_delta", partial_json: text }, index });
  }
  const key = kind === "text" ? "text" : "thinking";
  const data = `{"type":"content_block_delta","delta":{"type":"${key}_delta","${key}":"${text}"},"index":${index}}`;
  return `event: content_block_delta\ndata: ${data}\n\n`;
}
