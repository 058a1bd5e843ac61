import { BackendError, isMapping } from "@core/backend";

const DATA_URL = /^data:[^,]*;base64,/;

/** Bytes of an item of the image column: an object or text with a data URL. @throws {BackendError} for anything else. */
export function imageBytes(item: unknown): Uint8Array {
  const url = isMapping(item) ? item["image"] : item;
  const head = typeof url === "string" ? DATA_URL.exec(url)?.[0] : undefined;
  if (typeof url === "string" && head !== undefined) return Buffer.from(url.slice(head.length), "base64");
  return refuse("image_column", "a data URL: the engine's process fetches nothing");
}

/** Bytes of an item of the audio column; none for an item without sound. @throws {BackendError} for unreadable ones. */
export function audioBytes(item: unknown): readonly Uint8Array[] {
  if (!isMapping(item)) return [];
  const { audio } = item;
  if (audio === undefined || audio === null || audio === "") return [];
  if (typeof audio === "string") return [Buffer.from(audio, "base64")];
  if (ArrayBuffer.isView(audio)) {
    return audio.byteLength === 0 ? [] : [Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength)];
  }
  return refuse("audio_column", '"audio" as encoded bytes or base64 text');
}

function refuse(column: string, expected: string): never {
  throw new BackendError(`An item of ${column} cannot be given to the engine: needs ${expected}.`, {
    code: "CORE_BACKEND_UNUSABLE_REQUEST",
    hint: "Encode media with a data preprocessor.",
  });
}
