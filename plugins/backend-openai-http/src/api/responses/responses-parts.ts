import type { GenerationRequest } from "@core/backend";
import { audioOf, type ContentColumn, contentParts, refuseColumn, urlOf } from "../content-parts.js";
import type { JsonObject } from "../json-object.js";

/** Parts of a user message of the responses API. */
export function responsesParts(request: GenerationRequest, extraContent: JsonObject): readonly JsonObject[] {
  return contentParts(request, (column, item) => toPart(column, item, extraContent));
}

function toPart(column: ContentColumn, item: unknown, extraContent: JsonObject): JsonObject {
  switch (column) {
    case "text_column":
      return { type: "input_text", text: String(item), ...extraContent };
    case "image_column":
      return { type: "input_image", image_url: urlOf(column, item, "image") };
    case "video_column":
      return refuseColumn(column, "/v1/responses");
    case "audio_column":
      return { type: "input_audio", input_audio: audioOf(item) };
  }
}
