import { isMapping, UNKNOWN_USAGE } from "@core/backend";
import type { JsonObject } from "../json-object.js";
import { readAmount, readCount, type Usage } from "../read-usage.js";

/**
 * Reads `usage` of a transcription in all its forms: tokens under the names of vLLM (`prompt_tokens`) or of OpenAI
 * (`input_tokens` with details), and seconds of audio. What is not said to be text of the input is audio.
 */
export function readAudioUsage(usage: JsonObject): Usage {
  const details = [usage["input_token_details"], usage["prompt_tokens_details"]].find(isMapping) ?? {};
  const total = readCount(usage["prompt_tokens"]) ?? readCount(usage["input_tokens"]);
  const text = readCount(details["text_tokens"]);
  const audio = readCount(details["audio_tokens"]) ?? (total === null ? null : Math.max(0, total - (text ?? 0)));
  return {
    input: {
      ...UNKNOWN_USAGE,
      text_tokens: text,
      audio_tokens: audio,
      audio_seconds: readAmount(usage["seconds"]) ?? readAmount(details["seconds"]),
    },
    output: {
      ...UNKNOWN_USAGE,
      text_tokens: readCount(usage["completion_tokens"]) ?? readCount(usage["output_tokens"]),
    },
  };
}
