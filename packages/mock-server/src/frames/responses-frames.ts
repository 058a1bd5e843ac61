import type { Span } from "../reply-content.js";
import { asciiOnly, CREATED_SECONDS, type ReplyContents, type ReplyFrames, typedEvent } from "../reply-frames.js";
import type { PlannedChunk } from "../reply-plan.js";
import { type Block, BlockCursor, blocksOf } from "./blocks.js";

/** Frames of the responses API, in the order of events that vLLM has. */
export class ResponsesFrames implements ReplyFrames {
  readonly #contents: ReplyContents;
  readonly #blocks: readonly Block[];
  readonly #cursor: BlockCursor;
  #number = 0;

  constructor(contents: ReplyContents) {
    this.#contents = contents;
    this.#blocks = blocksOf(contents.content);
    this.#cursor = new BlockCursor(this.#blocks);
  }

  opening(): readonly string[] {
    const response = { ...this.#identity(), status: "in_progress", output: [], usage: null };
    return [this.#event("response.created", { response }), this.#event("response.in_progress", { response })];
  }

  chunk({ firstToken, tokens }: PlannedChunk): readonly string[] {
    const events: string[] = [];
    for (const span of this.#contents.content.spans(firstToken, firstToken + tokens)) {
      const before = this.#cursor.index;
      if (this.#cursor.moveTo(span)) events.push(...this.#close(before), ...this.#open());
      if (span.text !== "" || span.kind !== "call") events.push(this.#delta(span));
    }
    return events;
  }

  closing(): readonly string[] {
    return [...this.#close(this.#cursor.index), this.#event("response.completed", { response: this.#completed() })];
  }

  failure(): readonly string[] {
    const error = { code: "server_error", message: "An error was injected." };
    const response = { ...this.#identity(), status: "failed", error, output: [], usage: null };
    return [this.#event("response.failed", { response })];
  }

  whole(): string {
    return asciiOnly(JSON.stringify(this.#completed()));
  }

  #event(type: string, fields: object): string {
    this.#number += 1;
    return typedEvent(type, { ...fields, sequence_number: this.#number - 1, type });
  }

  #delta({ kind, text }: Span): string {
    const { item_id, output_index } = this.#place(this.#cursor.index);
    if (kind === "call") {
      return this.#event("response.function_call_arguments.delta", { delta: text, item_id, output_index });
    }
    // Perf: written by hand, since there is one for every token; the words of a reply need no escapes
    const type = kind === "text" ? "response.output_text.delta" : "response.reasoning_text.delta";
    const number = this.#number++;
    const place = `"item_id":"${item_id}","logprobs":[],"output_index":${output_index}`;
    const data = `{"content_index":0,"delta":"${text}",${place},"sequence_number":${number},"type":"${type}"}`;
    return `event: ${type}\ndata: ${data}\n\n`;
  }

  #open(): readonly string[] {
    const index = this.#cursor.index;
    const block = this.#blocks[index];
    if (block === undefined) return [];
    const item = this.#item({ ...block, text: "" }, index, "in_progress");
    const added = this.#event("response.output_item.added", { item, output_index: index });
    if (block.kind === "call") return [added];
    const part = partOf({ ...block, text: "" });
    return [added, this.#event("response.content_part.added", { content_index: 0, part, ...this.#place(index) })];
  }

  #close(index: number): readonly string[] {
    const block = this.#blocks[index];
    if (block === undefined) return [];
    const { kind, text } = block;
    const place = this.#place(index);
    const events =
      kind === "call"
        ? [this.#event("response.function_call_arguments.done", { arguments: text, ...place })]
        : [
            this.#event(`response.${kind === "text" ? "output_text" : "reasoning_text"}.done`, {
              content_index: 0,
              text,
              ...place,
            }),
            this.#event("response.content_part.done", { content_index: 0, part: partOf(block), ...place }),
          ];
    const item = this.#item(block, index, "completed");
    return [...events, this.#event("response.output_item.done", { item, output_index: index })];
  }

  #place(index: number): { readonly item_id: string; readonly output_index: number } {
    return { item_id: this.#itemId(index), output_index: index };
  }

  #itemId(index: number): string {
    return `item_${this.#contents.id.slice("resp_".length)}_${index}`;
  }

  #item(block: Block, index: number, status: string): object {
    const id = this.#itemId(index);
    if (block.kind === "call") {
      const { id: call_id, name } = this.#contents.content.calls[block.call] ?? {};
      return { id, type: "function_call", call_id, name, arguments: block.text, status };
    }
    const content = status === "in_progress" ? [] : [partOf(block)];
    if (block.kind === "reasoning") return { id, type: "reasoning", summary: [], content, status };
    return { id, type: "message", role: "assistant", content, status };
  }

  #identity(): object {
    const { id, model, request } = this.#contents;
    return {
      ...{ id, object: "response", created_at: CREATED_SECONDS, model, error: null, incomplete_details: null },
      ...{ instructions: null, metadata: null, parallel_tool_calls: true, temperature: 1, top_p: 1 },
      ...{ tool_choice: "auto", tools: [], max_output_tokens: request.maxTokens },
      previous_response_id: request.previousResponseId ?? null,
    };
  }

  #completed(): object {
    const { plan, content, request } = this.#contents;
    const isCut = plan.finishReason === "length" && content.calls.length === 0;
    return {
      ...this.#identity(),
      status: isCut ? "incomplete" : "completed",
      ...(isCut ? { incomplete_details: { reason: "max_output_tokens" } } : {}),
      output: this.#blocks.map((block, index) => this.#item(block, index, "completed")),
      usage: {
        input_tokens: request.promptTokens,
        input_tokens_details: { cached_tokens: request.cachedTokens ?? 0 },
        output_tokens: content.outputTokens,
        output_tokens_details: { reasoning_tokens: content.reasoningTokens },
        total_tokens: request.promptTokens + content.outputTokens,
      },
    };
  }
}

function partOf({ kind, text }: Block): object {
  return kind === "reasoning"
    ? { type: "reasoning_text", text }
    : { type: "output_text", text, annotations: [], logprobs: [] };
}
