import { isMapping, type TextMeter, type ToolCall } from "@core/backend";
import { type ArrivingText, arrivingText } from "../arriving-text.js";
import { isWritable, type JsonObject } from "../json-object.js";
import { NO_USAGE, readMessagesUsage, type Usage } from "../read-usage.js";
import { type Collected, isUsable, responseParts } from "../response-parts.js";
import type { EventContent, ResponseParts, ResponseReader, SimpleEvent, SimpleText } from "../response-reader.js";
import { ToolCallAssembler } from "../tool-call-assembler.js";

/** Reasons under the names of the other formats; the rest stays as it is. */
const REASONS: Readonly<Record<string, string>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  tool_use: "tool_calls",
};

/** Reads responses of `/v1/messages`. */
export class MessagesReader implements ResponseReader {
  readonly #text: ArrivingText;
  readonly #reasoning: ArrivingText;
  readonly #tools = new ToolCallAssembler();
  #responseId: string | null = null;
  #finishReason: string | null = null;
  /** The usage comes in parts, each of which may leave out what an earlier one said. */
  #reported: JsonObject = {};
  #hasEnded = false;

  /** @param keepText - False when nobody will ask for more than the measure of the texts. */
  constructor(keepText = true) {
    this.#text = arrivingText(keepText);
    this.#reasoning = arrivingText(keepText);
  }

  get isFinished(): boolean {
    return this.#finishReason !== null;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get isUsable(): boolean {
    return isUsable(this.#collected());
  }

  readEvent(payload: JsonObject): EventContent {
    const { delta, message, index, content_block: block } = payload;
    switch (payload["type"]) {
      case "content_block_delta":
        return isMapping(delta) ? this.#readDelta(delta, index) : "nothing";
      case "content_block_start":
        return isMapping(block) ? this.#readBlock(block, index) : "nothing";
      case "message_start":
        if (isMapping(message)) this.#readMessage(message);
        return "nothing";
      case "message_delta":
        if (isMapping(delta)) this.#readStop(delta);
        this.#readUsage(payload["usage"]);
        return "nothing";
      case "message_stop":
        this.#hasEnded = true;
        return "nothing";
      default:
        return "nothing"; // ping, content_block_stop, and what comes later
    }
  }

  simpleText({ type, delta }: JsonObject): SimpleText | null {
    if (type !== "content_block_delta" || !isMapping(delta)) return null;
    for (const key of ["text", "thinking"] as const) {
      const text = delta[key];
      if (delta["type"] !== `${key}_delta` || typeof text !== "string" || text === "") continue;
      return { key, text, content: key === "text" ? "output" : "reasoning", numbers: [], strings: [], usage: null };
    }
    return null;
  }

  readText(event: SimpleEvent): EventContent {
    const { content } = event.simple;
    (content === "output" ? this.#text : this.#reasoning).addSpan(event);
    return content;
  }

  meterOf(simple: SimpleText): TextMeter | null {
    return (simple.content === "output" ? this.#text : this.#reasoning).meter;
  }

  readBody(payload: JsonObject): void {
    this.#readMessage(payload);
    this.#readStop(payload);
    const { content } = payload;
    for (const [index, block] of Array.isArray(content) ? (content as readonly unknown[]).entries() : []) {
      if (isMapping(block)) this.#readBlock(block, index);
    }
  }

  parts(): ResponseParts {
    return responseParts(this.#collected());
  }

  #collected(): Collected {
    return {
      responseId: this.#responseId,
      text: this.#text,
      reasoning: this.#reasoning,
      toolCalls: this.#tools.calls()?.map(withInput) ?? null,
      finishReason: this.#finishReason,
      usage: this.#usage(),
      metrics: null,
    };
  }

  #usage(): Usage {
    return Object.keys(this.#reported).length === 0 ? NO_USAGE : readMessagesUsage(this.#reported);
  }

  #readMessage({ id, usage }: JsonObject): void {
    if (typeof id === "string" && id !== "") this.#responseId = id;
    this.#readUsage(usage);
  }

  #readStop({ stop_reason: reason }: JsonObject): void {
    if (typeof reason === "string" && reason !== "") this.#finishReason = REASONS[reason] ?? reason;
  }

  #readUsage(usage: unknown): void {
    if (!isMapping(usage)) return;
    const said = Object.entries(usage).filter(([, value]) => value !== null && value !== undefined);
    this.#reported = { ...this.#reported, ...Object.fromEntries(said) };
  }

  #readDelta(delta: JsonObject, index: unknown): EventContent {
    switch (delta["type"]) {
      case "text_delta":
        return this.#addText(this.#text, delta["text"], "output");
      case "thinking_delta":
        return this.#addText(this.#reasoning, delta["thinking"], "reasoning");
      case "input_json_delta":
        return this.#tools.addArguments(index, delta["partial_json"]) ? "output" : "nothing";
      default:
        return "nothing"; // signatures, citations
    }
  }

  /** A block as it begins in a stream, or whole. */
  #readBlock(block: JsonObject, index: unknown): EventContent {
    switch (block["type"]) {
      case "text":
        return this.#addText(this.#text, block["text"], "output");
      case "thinking":
        return this.#addText(this.#reasoning, block["thinking"], "reasoning");
      case "tool_use":
        this.#tools.add([{ index, id: block["id"], function: { name: block["name"], arguments: inputOf(block) } }]);
        return "output";
      default:
        return "nothing";
    }
  }

  #addText(to: ArrivingText, text: unknown, kind: "output" | "reasoning"): EventContent {
    if (typeof text !== "string" || text === "") return "nothing";
    to.add(text);
    return kind;
  }
}

/** A call without input has an empty one. */
function withInput(call: ToolCall): ToolCall {
  return call.function.arguments === "" ? { ...call, function: { ...call.function, arguments: "{}" } } : call;
}

/** Input that is whole, as JSON text; a call that begins in a stream has an empty one, which is not its input. */
function inputOf({ input }: JsonObject): string {
  return isMapping(input) && Object.keys(input).length > 0 && isWritable(input) ? JSON.stringify(input) : "";
}
