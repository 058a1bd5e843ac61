import { isMapping, type ToolCall } from "@core/backend";
import { type ChoiceContent, GenerationReader } from "../generation-reader.js";
import type { JsonObject } from "../json-object.js";
import { ToolCallAssembler } from "../tool-call-assembler.js";

/** Fields of a delta that hold plain text, and what it is. */
const TEXT_KEYS = new Map<string, "output" | "reasoning">([
  ["content", "output"],
  ["reasoning", "reasoning"],
  ["reasoning_content", "reasoning"],
]);

/** Reads responses of `/v1/chat/completions`. */
export class ChatReader extends GenerationReader {
  readonly #tools = new ToolCallAssembler();

  protected override readChoice(choice: JsonObject, isFirst: boolean): ChoiceContent {
    const { delta } = choice;
    return isMapping(delta) ? this.#readMessage(delta, isFirst) : "nothing";
  }

  protected override simpleChoice({ delta }: JsonObject) {
    if (!isMapping(delta)) return null;
    const filled = Object.keys(delta).filter((key) => key !== "role" && delta[key] !== null && delta[key] !== "");
    const [key = ""] = filled;
    const text = delta[key];
    const content = TEXT_KEYS.get(key);
    return filled.length === 1 && content !== undefined && typeof text === "string" ? { key, text, content } : null;
  }

  protected override readWhole(choice: JsonObject): void {
    if (isMapping(choice["message"])) this.#readMessage(choice["message"], true);
  }

  protected override toolCalls(): readonly ToolCall[] | null {
    return this.#tools.calls();
  }

  #readMessage(message: JsonObject, isFirst: boolean): ChoiceContent {
    const content = textOf(message["content"]);
    const refusal = textOf(message["refusal"]);
    const reasoning = reasoningOf(message);
    if (isFirst) {
      if (content !== null) this.text.add(content);
      if (refusal !== null) this.text.add(refusal);
      if (reasoning !== null) this.reasoning.add(reasoning);
    }
    const hasCalls = isFirst && this.#tools.add(message["tool_calls"]);
    if (content || refusal || hasCalls) return "output";
    if (reasoning) return "reasoning";
    // the event that opens the message has a role and no token
    return message["role"] === undefined && (content === "" || reasoning === "") ? "empty" : "nothing";
  }
}

/** Servers use either name, some both with the same text. */
function reasoningOf(message: JsonObject): string | null {
  const first = textOf(message["reasoning"]);
  const second = textOf(message["reasoning_content"]);
  return first || second || (first ?? second);
}

/** Text of a content field, which may also be a list of parts; null when it holds none. */
function textOf(content: unknown): string | null {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  let text = "";
  for (const part of content as readonly unknown[]) {
    if (isMapping(part) && typeof part["text"] === "string") text += part["text"];
  }
  return text;
}
