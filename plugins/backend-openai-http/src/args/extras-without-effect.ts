import { requestFormats } from "../api/formats.js";
import type { Extras } from "./extras-schema.js";

/** What of `extras` would be stored and never sent, as messages. */
export function extrasWithoutEffect(extras: Extras | null, requestFormat: string): readonly string[] {
  if (extras === null || requestFormats.find(requestFormat)?.available === false) return [];
  const { usesExtraContent, neverStreams } = requestFormats.create({ kind: requestFormat }, undefined);
  const messages: string[] = [];
  if (extras.content !== null && usesExtraContent !== true) {
    messages.push(`extras.content has no effect with request_format ${requestFormat}`);
  }
  if (neverStreams === true && (extras.stream === true || extras.body?.["stream"] === true)) {
    messages.push(`extras.stream and extras.body.stream must not be true: ${requestFormat} is never streamed`);
  }
  if (extras.files !== null) {
    messages.push("extras.files has no effect: the file of an audio request comes from the data (audio_column)");
  }
  return messages;
}
