import type { GenerationRequest } from "@core/backend";
import { type ContentColumn, contentParts, refuseColumn, urlOf } from "../content-parts.js";
import type { JsonObject } from "../json-object.js";

const DATA_URL = /^data:([^;,]+);base64,(.*)$/s;

/** Content blocks of a user message of the messages API. */
export function messagesBlocks(request: GenerationRequest, extraContent: JsonObject): readonly JsonObject[] {
  return contentParts(request, (column, item) => toBlock(column, item, extraContent));
}

function toBlock(column: ContentColumn, item: unknown, extraContent: JsonObject): JsonObject {
  switch (column) {
    case "text_column":
      return { type: "text", text: String(item), ...extraContent };
    case "image_column":
      return { type: "image", source: imageSource(urlOf(column, item, "image")) };
    case "video_column":
    case "audio_column":
      return refuseColumn(column, "/v1/messages");
  }
}

function imageSource(url: string): JsonObject {
  const [, mediaType, data] = DATA_URL.exec(url) ?? [];
  return data === undefined ? { type: "url", url } : { type: "base64", media_type: mediaType, data };
}
