import { isMapping } from "@core/backend";
import { type ChoiceContent, GenerationReader } from "../generation-reader.js";
import type { JsonObject } from "../json-object.js";
import { readAmount, type Usage } from "../read-usage.js";
import type { EventContent, ResponseParts, SimpleEvent } from "../response-reader.js";
import { readAudioUsage } from "./audio-usage.js";

/**
 * Reads transcriptions and translations: the stream of vLLM (chat events), that of OpenAI (`transcript.text.*`), and whole
 * ones. An empty text is an answer: the audio was silent.
 */
export class TranscriptionReader extends GenerationReader {
  #hasText = false;
  #isDone = false;
  #durationSeconds: number | null = null;

  override get isFinished(): boolean {
    return this.#isDone || super.isFinished;
  }

  override get isUsable(): boolean {
    return this.#hasText || this.isFinished;
  }

  get shortfall(): string {
    return "no text";
  }

  override readEvent(payload: JsonObject): EventContent {
    switch (payload["type"]) {
      case "transcript.text.delta":
        return this.#readDelta(payload["delta"]);
      case "transcript.text.done":
        return this.#readDone(payload);
      default:
        return super.readEvent(payload);
    }
  }

  override readBody(payload: JsonObject): void {
    this.readCommon(payload);
    this.#durationSeconds = readAmount(payload["duration"]);
    if (typeof payload["text"] !== "string") return;
    this.#hasText = true;
    this.text.add(payload["text"]);
  }

  override parts(): ResponseParts {
    const parts = super.parts();
    const audio_seconds = parts.inputMetrics.audio_seconds ?? this.#durationSeconds;
    return { ...parts, inputMetrics: { ...parts.inputMetrics, audio_seconds } };
  }

  protected override readChoice({ delta }: JsonObject, isFirst: boolean): ChoiceContent {
    const content = isMapping(delta) ? delta["content"] : undefined;
    if (typeof content !== "string") return "nothing";
    this.#hasText = true;
    if (isFirst) this.text.add(content);
    return content === "" ? "empty" : "output";
  }

  protected override simpleChoice({ delta }: JsonObject) {
    if (!isMapping(delta)) return null;
    const filled = Object.keys(delta).filter((key) => key !== "role" && delta[key] !== null && delta[key] !== "");
    const { content: text } = delta;
    return filled.length === 1 && typeof text === "string" && text !== ""
      ? { key: "content", text, content: "output" as const }
      : null;
  }

  override readText(event: SimpleEvent): EventContent {
    this.#hasText = true;
    return super.readText(event);
  }

  protected override readWhole(): void {
    // whole transcriptions have no choices
  }

  protected override toolCalls(): null {
    return null;
  }

  protected override readUsage(usage: JsonObject): Usage {
    return readAudioUsage(usage);
  }

  #readDelta(delta: unknown): EventContent {
    if (typeof delta !== "string") return "nothing";
    this.#hasText = true;
    this.text.add(delta);
    return delta === "" ? "nothing" : "output";
  }

  /** The event with the whole text: new only when nothing of it came before. */
  #readDone(payload: JsonObject): EventContent {
    this.readCommon(payload);
    this.#isDone = true;
    const { text } = payload;
    if (this.#hasText || typeof text !== "string") return "nothing";
    return this.#readDelta(text);
  }
}
