import { isMapping, type ToolCall } from "@core/backend";
import { ArrivingText, type TextSpan } from "./arriving-text.js";
import { isWritable, type JsonObject } from "./json-object.js";
import { NO_USAGE, readCount, readUsage, type Usage } from "./read-usage.js";
import { isUsable, responseParts } from "./response-parts.js";
import type { EventContent, ResponseParts, ResponseReader, SimpleEvent, SimpleText } from "./response-reader.js";

/** What one choice of an event carried; `empty` is a text of length zero, which may or may not be a token. */
export type ChoiceContent = EventContent | "empty";

/** What rises in a running usage, in the order of {@link runningCounts}. */
interface RunningCounts {
  completion_tokens: number;
  total_tokens: number;
}

/**
 * Common part of the readers of completions and chat: identifier, usage, metrics, finish reason, and which events carry
 * tokens. The texts of choices other than the first are counted as tokens and not kept.
 */
export abstract class GenerationReader implements ResponseReader {
  protected readonly text = new ArrivingText();
  protected readonly reasoning = new ArrivingText();
  #responseId: string | null = null;
  #finishReason: string | null = null;
  #usage: Usage = NO_USAGE;
  /** The running usage of the event that {@link simpleText} told of; null without one. */
  #running: JsonObject | null = null;
  /** Its counts in an event that came later; {@link #latestUsage} makes them a usage. */
  #runningCounts: RunningCounts | null = null;
  #metrics: unknown = null;
  #countedTokens = 0;
  #hasRunningCount = false;
  #lastToken: EventContent = "nothing";

  /** Reads one element of `choices` of an event. */
  protected abstract readChoice(choice: JsonObject, isFirst: boolean): ChoiceContent;
  /** The text of a choice that holds nothing else. */
  protected abstract simpleChoice(choice: JsonObject): SimpleText | null;
  /** Takes the text of a simple choice. */
  protected abstract addText(key: string, text: TextSpan): EventContent;
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
    return isUsable({ text: this.text.toString(), toolCalls: this.toolCalls(), usage: this.#latestUsage() });
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
    const counts = running === null ? {} : runningCounts(running);
    const choice: unknown = Array.isArray(choices) && choices.length === 1 ? choices[0] : null;
    if (!isMapping(choice) || (choice["index"] ?? 0) !== 0 || (choice["finish_reason"] ?? null) !== null) return null;
    const simple = this.simpleChoice(choice);
    if (counts === null || simple === null) return null;
    this.#latestUsage(); // counts that came are those of the running usage before
    this.#running = running;
    return { ...simple, counts };
  }

  readText(key: string, event: SimpleEvent): EventContent {
    if (this.#running !== null) this.#count(event.count(0), event.count(1));
    this.#lastToken = this.addText(key, event);
    return this.#lastToken;
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
      text: this.text.toString(),
      reasoning: this.reasoning.toString(),
      toolCalls: this.toolCalls(),
      finishReason: this.#finishReason,
      usage: this.#latestUsage(),
      metrics: this.#metrics,
    });
  }

  #count(completion: number, total: number): void {
    this.#countedTokens = completion;
    this.#runningCounts ??= { completion_tokens: 0, total_tokens: 0 };
    this.#runningCounts.completion_tokens = completion;
    this.#runningCounts.total_tokens = total;
  }

  #setUsage(usage: JsonObject): void {
    this.#usage = this.readUsage(usage);
    this.#runningCounts = null;
  }

  /** That of the last event which had one. */
  #latestUsage(): Usage {
    if (this.#runningCounts !== null) this.#setUsage({ ...this.#running, ...this.#runningCounts });
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

/** What may differ in the next event's usage; null when it does not count tokens. */
function runningCounts(usage: JsonObject): Readonly<Record<keyof RunningCounts, number>> | null {
  const completion = readCount(usage["completion_tokens"]);
  const total = readCount(usage["total_tokens"]);
  return completion === null || total === null ? null : { completion_tokens: completion, total_tokens: total };
}
