import type { GenerationRequest } from "@core/backend";
import { audioOf, type ContentColumn, contentParts, urlOf } from "../content-parts.js";
import type { JsonObject } from "../json-object.js";

/** Parts of a user message of chat. */
export function chatParts(request: GenerationRequest, extraContent: JsonObject): readonly JsonObject[] {
  return contentParts(request, (column, item) => toPart(column, item, extraContent));
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
