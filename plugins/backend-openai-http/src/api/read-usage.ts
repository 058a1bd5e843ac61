import { isMapping, UNKNOWN_USAGE, type UsageMetrics, unknownUsage } from "@core/backend";
import type { JsonObject } from "./json-object.js";

/** Both sides of a usage object; what the server does not say stays null. */
export interface Usage {
  readonly input: UsageMetrics;
  readonly output: UsageMetrics;
}

/** Nothing reported. */
export const NO_USAGE: Usage = Object.freeze({ input: UNKNOWN_USAGE, output: UNKNOWN_USAGE });

/** Reads `usage` as chat and completions report it. */
export function readUsage(usage: JsonObject): Usage {
  return {
    input: readSide(usage, "prompt_tokens", "prompt_tokens"),
    output: readSide(usage, "completion_tokens", "completion_tokens"),
  };
}

/** Reads `usage` as the responses API reports it. */
export function readResponsesUsage(usage: JsonObject): Usage {
  return {
    input: readSide(usage, "input_tokens", "text_tokens"),
    output: readSide(usage, "output_tokens", "text_tokens"),
  };
}

/** Reads `usage` as the messages API reports it: `input_tokens` does not contain what a cache was read or written for. */
export function readMessagesUsage(usage: JsonObject): Usage {
  const cached = readCount(usage["cache_read_input_tokens"]);
  const input = readCount(usage["input_tokens"]);
  const written = readCount(usage["cache_creation_input_tokens"]) ?? 0;
  const total = input === null ? null : input + written + (cached ?? 0);
  return {
    input: { ...unknownUsage(), text_tokens: total, cached_tokens: cached },
    output: { ...unknownUsage(), text_tokens: readCount(usage["output_tokens"]) },
  };
}

/**
 * One side. The total that servers report contains the tokens of media, so these are taken out of `text_tokens`: the sum
 * over the modalities is the reported total.
 */
function readSide(usage: JsonObject, totalName: string, textName: string): UsageMetrics {
  const given = usage[`${totalName}_details`];
  const details = isMapping(given) ? given : {};
  const image = readCount(details["image_tokens"]);
  const video = readCount(details["video_tokens"]);
  const audio = readCount(details["audio_tokens"]);
  const media = (image ?? 0) + (video ?? 0) + (audio ?? 0);
  const total = readCount(usage[totalName]);
  const text = readCount(details[textName]) ?? (total !== null && media <= total ? total - media : total);
  return {
    ...unknownUsage(),
    text_tokens: text,
    cached_tokens: readCount(details["cached_tokens"]),
    reasoning_tokens: readCount(details["reasoning_tokens"]),
    image_tokens: image,
    video_tokens: video,
    audio_tokens: audio,
    audio_seconds: readAmount(details["seconds"]),
  };
}

/** A count of tokens, null for anything else. */
export function readCount(value: unknown): number | null {
  return Number.isSafeInteger(value) ? readAmount(value) : null;
}

/** A finite number >= 0, null for anything else. */
export function readAmount(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}
