import { isMapping, measureText, UNKNOWN_USAGE, type UsageMetrics } from "@core/backend";
import type { AudioSize } from "./prepared-realtime-request.js";

/** What has been transcribed of one request so far. */
export class Transcript {
  #parts: string[] = [];
  #usage: Readonly<Record<string, unknown>> | null = null;

  /** Text so far. */
  get text(): string {
    if (this.#parts.length > 1) this.#parts = [this.#parts.join("")];
    return this.#parts[0] ?? "";
  }

  /** Adds the text of one event. */
  add(delta: string): void {
    this.#parts.push(delta);
  }

  /** Takes the closing event: its text, when there is one, is the whole text; and its usage. */
  complete(text: unknown, usage: unknown): void {
    if (typeof text === "string" && text !== "") this.#parts = [text];
    if (isMapping(usage)) this.#usage = usage;
  }

  /** Counters of the input: what the server counted and what was sent. */
  inputMetrics({ samples, seconds, bytes }: AudioSize): UsageMetrics {
    return {
      ...UNKNOWN_USAGE,
      audio_tokens: this.#count("prompt_tokens", "input_tokens"),
      audio_samples: samples,
      audio_seconds: seconds,
      audio_bytes: bytes,
    };
  }

  /** Counters of the output. */
  outputMetrics(): UsageMetrics {
    const tokens = this.#count("completion_tokens", "output_tokens");
    return { ...UNKNOWN_USAGE, ...measureText(this.text), text_tokens: tokens };
  }

  /** A count under either of its names; null when the server did not say. */
  #count(name: string, otherName: string): number | null {
    const value = this.#usage?.[name] ?? this.#usage?.[otherName];
    return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : null;
  }
}
