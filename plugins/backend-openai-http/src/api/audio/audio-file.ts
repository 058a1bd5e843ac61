import { BackendError, type GenerationRequest, isMapping } from "@core/backend";
import type { FormFile } from "../wire-format.js";

/** Name of a file whose item has none. */
const UNNAMED = "audio_input";

/**
 * The one audio of a request as a file of a form.
 *
 * @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST without exactly one item that holds encoded bytes.
 */
export function audioFile(request: GenerationRequest): FormFile {
  const items = (request.columns["audio_column"] ?? []).filter((item) => item !== null && item !== undefined);
  const [item] = items;
  if (items.length !== 1) {
    throw unusable(`A request for the text of speech needs exactly one item in audio_column, got ${items.length}.`);
  }
  const { audio, file_name, mimetype, format } = isMapping(item) ? item : {};
  const bytes = bytesOf(audio);
  if (bytes === null) throw unusable('An item of audio_column needs "audio": encoded bytes, or base64 text of them.');
  return {
    field: "file",
    fileName: textOr(file_name, UNNAMED),
    mimeType: textOr(mimetype, `audio/${textOr(format, "wav").toLowerCase()}`),
    bytes,
  };
}

function bytesOf(audio: unknown): Uint8Array | null {
  if (ArrayBuffer.isView(audio)) return new Uint8Array(audio.buffer, audio.byteOffset, audio.byteLength);
  return typeof audio === "string" && audio !== "" ? Buffer.from(audio, "base64") : null;
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === "string" && value !== "" ? value : fallback;
}

function unusable(message: string): BackendError {
  return new BackendError(message, {
    code: "CORE_BACKEND_UNUSABLE_REQUEST",
    hint: "Map a column of audio files to audio_column and keep the preprocessor encode_media.",
  });
}
