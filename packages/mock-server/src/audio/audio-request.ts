import * as v from "valibot";
import { check, type GenerationRequest, invalid, unknownModel } from "../generation-request.js";
import type { MockServerOptions } from "../mock-server-options.js";
import { RequestRefusal } from "../request-refusal.js";
import { audioSeconds, NO_MEDIA } from "../requests/media-tokens.js";
import { NO_TOOLS } from "../tool-wish.js";
import type { ReceivedAudio } from "./audio-frames.js";

const flag = v.optional(v.picklist(["true", "false", "True", "False", "1", "0"]), "false");
const schema = v.looseObject({
  model: v.optional(v.string()),
  language: v.optional(v.string()),
  response_format: v.optional(v.picklist(["json", "verbose_json"]), "json"),
  stream: flag,
  stream_include_usage: flag,
  stream_continuous_usage_stats: flag,
});

/** A request for the text of speech and what it brought. */
export interface AudioRequest {
  readonly request: GenerationRequest;
  readonly audio: ReceivedAudio;
}

/**
 * Reads the form of a transcription or translation: its file, and the fields that are used here.
 *
 * @throws {RequestRefusal} 400 for what is no form or lacks its file, 404 for another model.
 */
export async function readAudioRequest(
  body: Buffer,
  contentType: string,
  options: MockServerOptions,
): Promise<AudioRequest> {
  const { fields, file } = await readForm(body, contentType);
  const form = check(schema, fields);
  if (file === null) throw invalid("A file is needed.", "file");
  if (form.model !== undefined && form.model !== options.model) throw unknownModel(form.model);
  const seconds = audioSeconds(file.size, `${file.name} ${file.type}`);
  return {
    request: {
      ...{ promptTokens: Math.ceil(seconds * options.audio_tokens_per_second), media: NO_MEDIA, tools: NO_TOOLS },
      ...{ promptPieces: [], cachedTokens: null },
      ...{ maxTokens: null, minTokens: 0, ignoreEos: false, previousResponseId: null, isStored: false },
      stream: isTrue(form.stream),
      includeUsage: isTrue(form.stream_include_usage),
      continuousUsage: isTrue(form.stream_continuous_usage_stats),
    },
    audio: {
      seconds: Math.round(seconds * 1000) / 1000,
      isVerbose: form.response_format === "verbose_json",
      language: form.language ?? "en",
    },
  };
}

async function readForm(body: Buffer, contentType: string) {
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
  } catch (error) {
    throw new RequestRefusal(400, `The body is no form: ${(error as Error).message}`, { code: "invalid_form" });
  }
  const fields: Record<string, string> = {};
  for (const [name, value] of form.entries()) if (typeof value === "string") fields[name] = value;
  const file = form.get("file");
  return { fields, file: typeof file === "string" ? null : file };
}

function isTrue(value: string): boolean {
  return value === "1" || value.toLowerCase() === "true";
}
