import { BackendError, type GenerationRequest, isMapping } from "@core/backend";
import type { JsonObject } from "./json-object.js";

/** Columns whose items become parts of a user message, in the order in which they take turns. */
export const CONTENT_COLUMNS = ["text_column", "image_column", "video_column", "audio_column"] as const;

/** A column of {@link CONTENT_COLUMNS}. */
export type ContentColumn = (typeof CONTENT_COLUMNS)[number];

/** Audio as it is sent: base64 text and the name of its format (`wav`, `mp3`), when known. */
export interface AudioData {
  readonly data: string;
  readonly format: unknown;
}

/** Parts of the user message: one item of each column in turn (text, image, video, audio) until all are used up. */
export function contentParts(
  request: GenerationRequest,
  toPart: (column: ContentColumn, item: unknown) => JsonObject,
): readonly JsonObject[] {
  const columns = CONTENT_COLUMNS.map((name) => ({ name, items: (request.columns[name] ?? []).filter(isPresent) }));
  const rounds = Math.max(...columns.map(({ items }) => items.length));
  const parts: JsonObject[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, items } of columns) {
      if (round < items.length) parts.push(toPart(name, items[round]));
    }
  }
  return parts;
}

/** URL or data URL of an image or a video. @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST when there is none. */
export function urlOf(column: ContentColumn, item: unknown, key: "image" | "video"): string {
  const url = isMapping(item) ? item[key] : item;
  if (typeof url === "string" && url !== "") return url;
  return refuseItem(column, `an object with "${key}" (a URL or data URL)`);
}

/** Encoded audio of an item. @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST when there is none. */
export function audioOf(item: unknown): AudioData {
  if (!isMapping(item)) return refuseItem("audio_column", 'an object with "audio" (encoded bytes) and "format"');
  const { audio, format } = item;
  if (typeof audio === "string" && audio !== "") return { data: audio, format };
  if (ArrayBuffer.isView(audio)) {
    const data = Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).toString("base64");
    return { data, format };
  }
  return refuseItem("audio_column", '"audio" as encoded bytes or base64 text');
}

/** @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST, always: the format has no part for items of the column. */
export function refuseColumn(column: ContentColumn, path: string): never {
  throw new BackendError(`${path} has no part for items of ${column}.`, {
    code: "CORE_BACKEND_UNUSABLE_REQUEST",
    hint: "Use request_format=/v1/chat/completions, or leave the column out with data_column_mapper.",
  });
}

function isPresent(item: unknown): boolean {
  return item !== null && item !== undefined && item !== "";
}

function refuseItem(column: string, expected: string): never {
  throw new BackendError(`An item of ${column} cannot be sent: needs ${expected}.`, {
    code: "CORE_BACKEND_UNUSABLE_REQUEST",
    hint: "Encode media with a data preprocessor.",
  });
}
