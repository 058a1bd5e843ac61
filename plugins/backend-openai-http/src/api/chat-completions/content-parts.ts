import { BackendError, type GenerationRequest, isMapping } from "@core/backend";
import type { JsonObject } from "../json-object.js";

/** Columns whose items become parts of a user message, in the order in which they take turns. */
export const CONTENT_COLUMNS = ["text_column", "image_column", "video_column", "audio_column"] as const;

type ContentColumn = (typeof CONTENT_COLUMNS)[number];

/** Parts of the user message: one item of each column in turn (text, image, video, audio) until all are used up. */
export function contentParts(request: GenerationRequest, extraContent: JsonObject): readonly JsonObject[] {
  const columns = CONTENT_COLUMNS.map((name) => ({ name, items: (request.columns[name] ?? []).filter(isPresent) }));
  const rounds = Math.max(...columns.map(({ items }) => items.length));
  const parts: JsonObject[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, items } of columns) {
      if (round < items.length) parts.push(toPart(name, items[round], extraContent));
    }
  }
  return parts;
}

function isPresent(item: unknown): boolean {
  return item !== null && item !== undefined && item !== "";
}

function toPart(column: ContentColumn, item: unknown, extraContent: JsonObject): JsonObject {
  switch (column) {
    case "text_column":
      return { type: "text", text: String(item), ...extraContent };
    case "image_column":
      return { type: "image_url", image_url: { url: urlOf(column, item, "image") } };
    case "video_column":
      return { type: "video_url", video_url: { url: urlOf(column, item, "video") } };
    case "audio_column":
      return { type: "input_audio", input_audio: audioOf(item) };
  }
}

function urlOf(column: string, item: unknown, key: string): string {
  const url = isMapping(item) ? item[key] : item;
  if (typeof url === "string" && url !== "") return url;
  return refuseItem(column, `an object with "${key}" (a URL or data URL)`);
}

function audioOf(item: unknown): JsonObject {
  if (!isMapping(item)) return refuseItem("audio_column", 'an object with "audio" (encoded bytes) and "format"');
  const { audio, format } = item;
  if (typeof audio === "string" && audio !== "") return { data: audio, format };
  if (ArrayBuffer.isView(audio)) {
    const data = Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).toString("base64");
    return { data, format };
  }
  return refuseItem("audio_column", '"audio" as encoded bytes or base64 text');
}

function refuseItem(column: string, expected: string): never {
  throw new BackendError(`An item of ${column} cannot be sent: needs ${expected}.`, {
    code: "CORE_BACKEND_UNUSABLE_REQUEST",
    hint: "Encode media with a data preprocessor.",
  });
}
