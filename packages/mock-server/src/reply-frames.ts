import type { GenerationForm, GenerationRequest } from "./generation-request.js";
import type { ReplyContent } from "./reply-content.js";
import type { PlannedChunk, ReplyPlan } from "./reply-plan.js";

/** What the frames of one reply are made from. */
export interface ReplyContents {
  readonly form: GenerationForm;
  readonly request: GenerationRequest;
  readonly plan: ReplyPlan;
  readonly content: ReplyContent;
  readonly id: string;
  readonly model: string;
  /** The form's closing mark is left out. */
  readonly omitDone: boolean;
}

/** The texts of one reply: events of a stream, ASCII only, or the whole of it. Asked for in the order of a stream. */
export interface ReplyFrames {
  /** Events before the first token, written as soon as the request is accepted. */
  opening(): readonly string[];
  /** Events of one chunk of tokens. */
  chunk(chunk: PlannedChunk): readonly string[];
  /** Events behind the last token, written together with it. */
  closing(): readonly string[];
  /** Events that say that the server failed, in place of all that would follow; left out for an error of OpenAI. */
  failure?(): readonly string[];
  /** The reply that is not streamed. */
  whole(): string;
}

/** `created` of everything: replies of the same seed are the same bytes. */
export const CREATED_SECONDS = 1_700_000_000;

/** Closing event of a stream. */
export const DONE_EVENT = "data: [DONE]\n\n";

/** JSON text of a string in ASCII, so that its length is its number of bytes. */
export function toAsciiJson(text: string): string {
  return asciiOnly(JSON.stringify(text));
}

/** JSON of a value in ASCII. */
export function asciiOnly(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** An event with its type in a line before it. */
export function typedEvent(type: string, fields: object): string {
  return `event: ${type}\ndata: ${asciiOnly(JSON.stringify(fields))}\n\n`;
}
