import { BackendError, type GenerationRequest, type HistoryTurn } from "@core/backend";
import { audioBytes, imageBytes } from "./media-bytes.js";
import type { Block, Media, Message, Prompt } from "./prompt.js";
import { refuseUnsupported } from "./refuse-unsupported.js";

const USABLE_COLUMNS = ["text_column", "prefix_column", "image_column", "audio_column"] as const;

/**
 * Messages of a conversation: earlier turns, then the current one. Prefixes joined with a space are the system message;
 * texts, images and sounds of a turn take turns in the user message.
 *
 * @param remark - Hears what of a request the engine is not given.
 * @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST when the current turn is empty, its media are no bytes, or it has
 * what the engine is not given.
 */
export function buildPrompt(
  request: GenerationRequest,
  history: readonly HistoryTurn[] | null,
  remark: (text: string) => void = () => {},
): Prompt {
  refuseUnsupported(request);
  const messages: Message[] = [];
  const media: Media[] = [];
  for (const turn of history ?? []) {
    messages.push(...turnMessages(turn.request, media, remark));
    const text = turn.response?.text ?? "";
    if (text !== "") messages.push({ role: "assistant", content: [{ type: "text", text }] });
  }
  const current = turnMessages(request, media, remark);
  if (current.length === 0) refuseEmpty(request);
  return { messages: [...messages, ...current], media };
}

function turnMessages(request: GenerationRequest, media: Media[], remark: (text: string) => void): readonly Message[] {
  const messages: Message[] = [];
  const prefixes = textsOf(request, "prefix_column");
  if (prefixes.length > 0) messages.push({ role: "system", content: [{ type: "text", text: prefixes.join(" ") }] });
  const content = userContent(request, media, remark);
  if (content.length > 0) messages.push({ role: "user", content });
  return messages;
}

/** One item of each column in turn (text, image, audio) until all are used up. */
function userContent(request: GenerationRequest, media: Media[], remark: (text: string) => void): readonly Block[] {
  const texts = textsOf(request, "text_column");
  const images = (request.columns["image_column"] ?? []).map(imageBytes);
  const given = (request.columns["audio_column"] ?? []).flatMap(audioBytes);
  if (given.length > 1) remark("The engine is given the first sound of a turn only; some turns have more.");
  const sounds = given.slice(0, 1);
  const content: Block[] = [];
  for (let round = 0; round < Math.max(texts.length, images.length, sounds.length); round += 1) {
    const [text, image, sound] = [texts[round], images[round], sounds[round]];
    if (text !== undefined) content.push({ type: "text", text });
    if (image !== undefined) content.push({ type: "image" });
    if (sound !== undefined) content.push({ type: "audio" });
  }
  media.push(...images.map((data) => ({ kind: "image", data }) as const));
  media.push(...sounds.map((data) => ({ kind: "audio", data }) as const));
  return content;
}

function textsOf(request: GenerationRequest, column: string): readonly string[] {
  const values = request.columns[column] ?? [];
  return values.map((value) => (value === null || value === undefined ? "" : String(value))).filter((t) => t !== "");
}

function refuseEmpty(request: GenerationRequest): never {
  const present = Object.entries(request.columns).filter(([, values]) => values.length > 0);
  throw new BackendError(
    `The request has nothing for the prompt. Columns that can fill it: ${USABLE_COLUMNS.join(", ")}. ` +
      `Columns present and not empty: ${present.map(([name]) => name).join(", ") || "none"}.`,
    {
      code: "CORE_BACKEND_UNUSABLE_REQUEST",
      hint: "Map a column of the data to one of these, for example with data_column_mapper.",
    },
  );
}
