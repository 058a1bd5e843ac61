import { isMapping, type TextMeter } from "@core/backend";
import { type ArrivingText, arrivingText } from "../arriving-text.js";
import { isWritable, type JsonObject } from "../json-object.js";
import { NO_USAGE, readResponsesUsage, type Usage } from "../read-usage.js";
import { type Collected, isUsable, responseParts } from "../response-parts.js";
import type { EventContent, ResponseParts, ResponseReader, SimpleEvent, SimpleText } from "../response-reader.js";
import { ToolCallAssembler } from "../tool-call-assembler.js";

/** Events whose `delta` is text, and what kind of text. */
const TEXT_EVENTS: ReadonlyMap<unknown, "output" | "reasoning"> = new Map([
  ["response.output_text.delta", "output"],
  ["response.refusal.delta", "output"],
  ["response.reasoning_text.delta", "reasoning"],
  ["response.reasoning.delta", "reasoning"], // before the event above had its name
  ["response.reasoning_summary_text.delta", "reasoning"],
]);
/** Events whose `delta` the model wrote for a tool. */
const ARGUMENT_EVENTS: ReadonlySet<unknown> = new Set([
  "response.function_call_arguments.delta",
  "response.custom_tool_call_input.delta",
  "response.mcp_call_arguments.delta",
  "response.code_interpreter_call_code.delta",
]);
const END_EVENTS: ReadonlySet<unknown> = new Set(["response.completed", "response.incomplete", "response.failed"]);
/** Strings beside the text that are others in each response, or noise in each event. */
const FREE_STRINGS = ["item_id", "obfuscation"];
const REASONS: Readonly<Record<string, string>> = { max_output_tokens: "length" };

/** Reads responses of `/v1/responses`. */
export class ResponsesReader implements ResponseReader {
  readonly #text: ArrivingText;
  readonly #reasoning: ArrivingText;
  readonly #tools = new ToolCallAssembler();
  #responseId: string | null = null;
  #finishReason: string | null = null;
  #usage: Usage = NO_USAGE;
  #metrics: unknown = null;
  #hasEnded = false;

  /** @param keepText - False when nobody will ask for more than the measure of the texts. */
  constructor(keepText = true) {
    this.#text = arrivingText(keepText);
    this.#reasoning = arrivingText(keepText);
  }

  get isFinished(): boolean {
    return this.#hasEnded;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get isUsable(): boolean {
    return isUsable(this.#collected());
  }

  readEvent(payload: JsonObject): EventContent {
    const { type, delta, response } = payload;
    const kind = TEXT_EVENTS.get(type);
    if (kind !== undefined) return typeof delta === "string" ? this.#addText(kind, delta) : "nothing";
    if (ARGUMENT_EVENTS.has(type)) return this.#addArguments(payload["output_index"], delta);
    if (type === "response.output_item.added" || type === "response.output_item.done") {
      return isMapping(payload["item"]) ? this.#readCall(payload["item"], payload["output_index"]) : "nothing";
    }
    if (type === "response.function_call_arguments.done") {
      return this.#completeArguments(payload["output_index"], payload["arguments"]);
    }
    if (!isMapping(response)) return "nothing";
    this.#readId(response);
    return END_EVENTS.has(type) ? this.#readEnd(response) : "nothing";
  }

  simpleText(payload: JsonObject): SimpleText | null {
    const { type, delta, logprobs } = payload;
    const content = TEXT_EVENTS.get(type);
    if (content === undefined || typeof delta !== "string" || delta === "") return null;
    if (Array.isArray(logprobs) && logprobs.length > 0) return null; // other in each event
    const strings = FREE_STRINGS.filter((key) => typeof payload[key] === "string");
    return { key: "delta", text: delta, content, numbers: ["sequence_number"], strings, usage: null };
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
    this.#readId(payload);
    this.#readEnd(payload);
  }

  parts(): ResponseParts {
    return responseParts(this.#collected());
  }

  #collected(): Collected {
    return {
      responseId: this.#responseId,
      text: this.#text,
      reasoning: this.#reasoning,
      toolCalls: this.#tools.calls(),
      finishReason: this.#finishReason,
      usage: this.#usage,
      metrics: this.#metrics,
    };
  }

  #readId({ id }: JsonObject): void {
    if (this.#responseId === null && typeof id === "string" && id !== "") this.#responseId = id;
  }

  #addText(kind: "output" | "reasoning", text: string): EventContent {
    if (text === "") return "nothing";
    (kind === "output" ? this.#text : this.#reasoning).add(text);
    return kind;
  }

  #addArguments(index: unknown, piece: unknown): EventContent {
    return this.#tools.addArguments(index, piece) ? "output" : "nothing";
  }

  /** Some servers send no pieces of the arguments, but all at the end. */
  #completeArguments(index: unknown, all: unknown): EventContent {
    return typeof index === "number" && this.#tools.argumentsOf(index) === ""
      ? this.#addArguments(index, all)
      : "nothing";
  }

  /** Takes a call that begins, or one that has ended and did not begin. */
  #readCall(item: JsonObject, outputIndex: unknown): EventContent {
    if (item["type"] !== "function_call" && item["type"] !== "custom_tool_call") return "nothing";
    const index = typeof outputIndex === "number" ? outputIndex : (this.#tools.calls()?.length ?? 0);
    const given = item["arguments"] ?? item["input"];
    if (this.#tools.argumentsOf(index) !== null) return this.#completeArguments(index, given);
    const definition = { name: item["name"], arguments: given };
    this.#tools.add([{ index, id: item["call_id"] ?? item["id"], function: definition }]);
    return "output";
  }

  #readEnd(response: JsonObject): EventContent {
    const { output, usage, status, incomplete_details: incomplete, metrics } = response;
    this.#hasEnded = true;
    if (isMapping(usage) && Object.keys(usage).length > 0) this.#usage = readResponsesUsage(usage);
    if (metrics !== null && metrics !== undefined && isWritable(metrics)) this.#metrics = metrics;
    const { text, toolCalls } = this.#collected();
    const content = text.isEmpty && toolCalls === null && Array.isArray(output) ? this.#readOutput(output) : "nothing";
    const reason = isMapping(incomplete) ? incomplete["reason"] : null;
    if (typeof reason === "string") this.#finishReason = REASONS[reason] ?? reason;
    else if (status === "completed") this.#finishReason = this.#tools.calls() === null ? "stop" : "tool_calls";
    else this.#finishReason = typeof status === "string" ? status : null;
    return content;
  }

  /** Takes the items of a response that came without events for their text. */
  #readOutput(output: readonly unknown[]): EventContent {
    let content: EventContent = "nothing";
    for (const [index, item] of output.entries()) {
      if (!isMapping(item)) continue;
      if (item["type"] === "reasoning") this.#readReasoning(item);
      for (const part of item["type"] === "message" ? texts(item["content"]) : []) {
        if (this.#addText("output", part) === "output") content = "output";
      }
      if (this.#readCall(item, index) === "output") content = "output";
    }
    return content;
  }

  #readReasoning(item: JsonObject): void {
    if (!this.#reasoning.isEmpty) return;
    for (const part of [...texts(item["summary"]), ...texts(item["content"])]) this.#addText("reasoning", part);
  }
}

/** Texts of the parts of an item, refusals included. */
function texts(parts: unknown): readonly string[] {
  if (!Array.isArray(parts)) return [];
  return (parts as readonly unknown[]).flatMap((part) => {
    const text = isMapping(part) ? (part["text"] ?? part["refusal"]) : null;
    return typeof text === "string" ? [text] : [];
  });
}
