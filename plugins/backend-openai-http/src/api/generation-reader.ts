import { isMapping, type TextMeter, type ToolCall } from "@core/backend";
import { type ArrivingText, arrivingText } from "./arriving-text.js";
import { isWritable, type JsonObject } from "./json-object.js";
import { NO_USAGE, readCount, readUsage, type Usage } from "./read-usage.js";
import { isUsable, responseParts } from "./response-parts.js";
import type { EventContent, ResponseParts, ResponseReader, SimpleEvent, SimpleText } from "./response-reader.js";

/** What one choice of an event carried; `empty` is a text of length zero, which may or may not be a token. */
export type ChoiceContent = EventContent | "empty";

/** Field of the count that {@link GenerationReader.readEvent} follows; the first of a running usage. */
const COMPLETION_TOKENS = "completion_tokens";
/** Strings beside the text that are others in each response, or noise in each event. */
const FREE_STRINGS = ["id", "obfuscation"];
/** The same for numbers. */
const FREE_NUMBERS = ["created"];
const NO_NUMBERS: number[] = [];

/**
 * Common part of the readers of completions and chat: identifier, usage, metrics, finish reason, and which events carry
 * tokens. The texts of choices other than the first are counted as tokens and not kept.
 */
export abstract class GenerationReader implements ResponseReader {
  // Perf: what each token touches comes first, so that it shares a cache line
  protected readonly text: ArrivingText;
  #responseId: string | null = null;
  #lastToken: EventContent = "nothing";
  protected readonly reasoning: ArrivingText;
  #finishReason: string | null = null;
  #usage: Usage = NO_USAGE;
  /** The event that the latest one with a running usage was like; null when the latest usage was read in full. */
  #running: SimpleText | null = null;
  /** The numbers of that running usage. */
  #runningNumbers: number[] = NO_NUMBERS;
  #metrics: unknown = null;
  #countedTokens = 0;
  #hasRunningCount = false;

  /** @param keepText - False when nobody will ask for more than the measure of the texts. */
  constructor(keepText = true) {
    this.text = arrivingText(keepText);
    this.reasoning = arrivingText(keepText);
  }

  /** Reads one element of `choices` of an event. */
  protected abstract readChoice(choice: JsonObject, isFirst: boolean): ChoiceContent;
  /** The text of a choice that holds nothing else. */
  protected abstract simpleChoice(choice: JsonObject): Pick<SimpleText, "key" | "text" | "content"> | null;
  /** Reads the first element of `choices` of a whole response. */
  protected abstract readWhole(choice: JsonObject): void;
  protected abstract toolCalls(): readonly ToolCall[] | null;

  /** Both sides of a usage object. */
  protected readUsage(usage: JsonObject): Usage {
    return readUsage(usage);
  }

  /** Keeps the identifier, the usage and the metrics of an event or a whole response. */
  protected readCommon(payload: JsonObject): void {
    const { id, usage, metrics } = payload;
    if (this.#responseId === null && typeof id === "string" && id !== "") this.#responseId = id;
    if (isMapping(usage) && Object.keys(usage).length > 0) this.#setUsage(usage);
    if (metrics !== null && metrics !== undefined && isWritable(metrics)) this.#metrics = metrics;
  }

  get isFinished(): boolean {
    return this.#finishReason !== null;
  }

  get isUsable(): boolean {
    return isUsable({ text: this.text, toolCalls: this.toolCalls(), usage: this.#latestUsage() });
  }

  readEvent(payload: JsonObject): EventContent {
    this.readCommon(payload);
    const { choices, usage } = payload;
    const before = this.#countedTokens;
    const counted = isMapping(usage) ? usage["completion_tokens"] : undefined;
    if (typeof counted === "number") this.#countedTokens = counted;
    if (!Array.isArray(choices) || choices.length === 0) return "nothing";
    let content: ChoiceContent = "nothing";
    let hasIds = false;
    for (const choice of choices as readonly unknown[]) {
      if (!isMapping(choice)) continue;
      const index = choice["index"];
      const one = this.readChoice(choice, index === undefined || index === null || index === 0);
      if (one === "output" || content === "nothing" || (one === "reasoning" && content === "empty")) content = one;
      const ids = choice["token_ids"];
      hasIds ||= Array.isArray(ids) && ids.length > 0;
      this.#readFinish(choice);
    }
    if (content === "empty") content = this.#judgeEmpty(typeof counted === "number" ? counted - before : null, hasIds);
    if (typeof counted === "number") this.#hasRunningCount = true;
    if (content !== "nothing") this.#lastToken = content;
    return content;
  }

  simpleText(payload: JsonObject): SimpleText | null {
    const { choices, usage, metrics } = payload;
    if (metrics !== null && metrics !== undefined) return null;
    const running = isMapping(usage) && Object.keys(usage).length > 0 ? usage : null;
    const counts = running === null ? [] : runningCounts(running);
    const choice: unknown = Array.isArray(choices) && choices.length === 1 ? choices[0] : null;
    if (!isMapping(choice) || (choice["index"] ?? 0) !== 0 || (choice["finish_reason"] ?? null) !== null) return null;
    const simple = this.simpleChoice(choice);
    if (counts === null || simple === null) return null;
    return {
      ...simple,
      numbers: [...counts, ...FREE_NUMBERS],
      strings: FREE_STRINGS.filter((key) => typeof payload[key] === "string"),
      usage: running,
    };
  }

  readText(event: SimpleEvent): EventContent {
    const { simple } = event;
    if (simple.usage !== null) this.#count(simple, event);
    if (this.#responseId === null && simple.strings[0] === "id") this.#responseId = event.string(0) || null;
    const { content } = simple;
    (content === "output" ? this.text : this.reasoning).addSpan(event);
    if (this.#lastToken !== content) this.#lastToken = content;
    return content;
  }

  meterOf(simple: SimpleText): TextMeter | null {
    const knowsId = this.#responseId !== null || simple.strings[0] !== "id";
    if (!knowsId || this.#lastToken !== simple.content) return null;
    return (simple.content === "output" ? this.text : this.reasoning).meter;
  }

  readNumbers(simple: SimpleText, numbers: readonly number[]): void {
    this.#runningNumbers = [...numbers];
    this.#follow(simple);
  }

  readBody(payload: JsonObject): void {
    this.readCommon(payload);
    const choice: unknown = Array.isArray(payload["choices"]) ? payload["choices"][0] : undefined;
    if (!isMapping(choice)) return;
    this.readWhole(choice);
    this.#readFinish(choice);
  }

  parts(): ResponseParts {
    return responseParts({
      responseId: this.#responseId,
      text: this.text,
      reasoning: this.reasoning,
      toolCalls: this.toolCalls(),
      finishReason: this.#finishReason,
      usage: this.#latestUsage(),
      metrics: this.#metrics,
    });
  }

  #count(simple: SimpleText, event: SimpleEvent): void {
    if (this.#runningNumbers === NO_NUMBERS) this.#runningNumbers = [];
    for (let index = 0; index < simple.numbers.length; index += 1) this.#runningNumbers[index] = event.number(index);
    this.#follow(simple);
  }

  #follow(simple: SimpleText): void {
    this.#countedTokens = this.#runningNumbers[0] ?? 0;
    this.#hasRunningCount = true;
    this.#running = simple;
  }

  #setUsage(usage: JsonObject): void {
    this.#usage = this.readUsage(usage);
    this.#running = null;
  }

  /** That of the last event which had one. */
  #latestUsage(): Usage {
    const simple = this.#running;
    if (simple === null) return this.#usage;
    const usage: Record<string, unknown> = { ...simple.usage };
    for (const [index, key] of simple.numbers.entries()) if (key in usage) usage[key] = this.#runningNumbers[index];
    this.#setUsage(usage);
    return this.#usage;
  }

  /**
   * Tells whether an event with a text of length zero was a token. Engines send such events for a token that ends inside
   * a character, or while a stop string is held back; others send them as padding. Proof is a running token count that
   * grew, or token ids. Without either it counts only between other tokens, so that it never moves the first token.
   *
   * @param growth - Increase of the running count; null when the event had none.
   */
  #judgeEmpty(growth: number | null, hasIds: boolean): EventContent {
    const kind = this.#lastToken === "reasoning" ? "reasoning" : "output";
    if (hasIds) return kind;
    // the total that some servers put on the finishing event alone is not a running count
    if (growth !== null) return growth > 0 && (this.#hasRunningCount || !this.isFinished) ? kind : "nothing";
    return this.isFinished ? "nothing" : this.#lastToken;
  }

  #readFinish(choice: JsonObject): void {
    const reason = choice["finish_reason"];
    if (typeof reason === "string" && reason !== "") this.#finishReason = reason;
  }
}

/** Numbers that may differ in the next event's usage, the one that is followed first; null when it does not count tokens. */
function runningCounts(usage: JsonObject): readonly string[] | null {
  if (readCount(usage[COMPLETION_TOKENS]) === null) return null;
  const others = Object.keys(usage).filter((key) => key !== COMPLETION_TOKENS && readCount(usage[key]) !== null);
  return [COMPLETION_TOKENS, ...others];
}
