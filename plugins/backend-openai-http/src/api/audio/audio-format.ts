import { BackendError, type GenerationRequest, type HistoryTurn } from "@core/backend";
import type { JsonObject } from "../json-object.js";
import { mergeJson } from "../merge-json.js";
import { sampleEvents } from "../sample-events.js";
import type { BodyInput, WireFormat } from "../wire-format.js";
import { audioFile } from "./audio-file.js";
import { TranscriptionReader } from "./transcription-reader.js";

/** vLLM's options of a stream, flat because a form has no mappings. */
const STREAM_FIELDS = { stream: true, stream_include_usage: true, stream_continuous_usage_stats: true };

/** `/v1/audio/transcriptions` and `/v1/audio/translations`: one audio file as a form. Texts are not used. */
export const AUDIO_FORMAT: WireFormat = {
  buildBody: buildAudioBody,
  buildFiles: (request) => [audioFile(request)],
  createReader: (_body, keepText) => new TranscriptionReader(keepText),
  sampleEvents: () => sampleEvents("transcription.chunk", (text) => ({ delta: { content: text } })),
};

function buildAudioBody(
  _request: GenerationRequest,
  history: readonly HistoryTurn[] | null,
  { model, stream, extraBody }: BodyInput,
): JsonObject {
  if (history !== null && history.length > 0) {
    throw new BackendError("Audio formats do not support multiturn: a transcription has no earlier turns.", {
      code: "CORE_BACKEND_UNUSABLE_REQUEST",
      hint: "Use data with one turn per row.",
    });
  }
  return mergeJson({ model, ...(stream ? STREAM_FIELDS : {}) }, extraBody);
}
