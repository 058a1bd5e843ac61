import { isMapping, UNKNOWN_USAGE } from "@core/backend";
import type { JsonObject } from "./json-object.js";
import { readUsage } from "./read-usage.js";
import type { EventContent, ResponseParts, ResponseReader, SimpleText } from "./response-reader.js";

/** What an answer must hold. */
export interface ExpectedList {
  /** Field of the list. */
  readonly field: "data" | "results";
  /** What its items are, for messages. */
  readonly items: string;
  /** How many were asked for; null when that cannot be told: then at least one. */
  readonly count: number | null;
}

/**
 * Reads answers that are one list: vectors, pooled data, scores. They have input tokens alone: a count of output tokens,
 * which vLLM gives as 0, would stand for something that does not exist.
 */
export class ListReader implements ResponseReader {
  readonly #expected: ExpectedList;
  #responseId: string | null = null;
  #input = UNKNOWN_USAGE;
  #count = 0;

  constructor(expected: ExpectedList) {
    this.#expected = expected;
  }

  /** Never finished by an event: these answers are not streamed. */
  readonly isFinished = false;

  get isUsable(): boolean {
    const { count } = this.#expected;
    return count === null ? this.#count > 0 : this.#count === count;
  }

  get shortfall(): string {
    const { items, count } = this.#expected;
    return `${this.#count} ${items}${count === null ? "" : ` in place of ${count}`}`;
  }

  readEvent(): EventContent {
    return "nothing";
  }

  simpleText(): SimpleText | null {
    return null;
  }

  readText(): EventContent {
    return "nothing";
  }

  readBody(payload: JsonObject): void {
    const { id, usage } = payload;
    if (typeof id === "string" && id !== "") this.#responseId = id;
    if (isMapping(usage)) this.#input = readUsage(usage).input;
    const list = payload[this.#expected.field];
    if (Array.isArray(list)) this.#count = list.length;
  }

  parts(): ResponseParts {
    return {
      responseId: this.#responseId,
      text: null,
      reasoningText: null,
      toolCalls: null,
      finishReason: null,
      inputMetrics: this.#input,
      outputMetrics: UNKNOWN_USAGE,
      responseMetrics: null,
    };
  }
}
