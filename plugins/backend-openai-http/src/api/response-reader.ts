import type { GenerationResponse } from "@core/backend";
import type { TextSpan } from "./arriving-text.js";
import type { JsonObject } from "./json-object.js";

/** What one event of a stream carried. */
export type EventContent = "nothing" | "reasoning" | "output";

/** An error object that a server sent with status 200. */
export interface ServerError {
  readonly message: string;
}

/** The parts of a response that a reader knows. */
export type ResponseParts = Omit<GenerationResponse, "requestId" | "requestArgs">;

/** The only text of an event that is otherwise like many others, and the name of its field. */
export interface SimpleText {
  readonly key: string;
  readonly text: string;
  /** Fields with whole numbers that may be others in the next event, and their values in this one. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** An event that differs from one with a {@link SimpleText} in its text and its counts alone. Valid while it is handed over. */
export interface SimpleEvent extends TextSpan {
  /** The count that stands at `index` among the names of {@link SimpleText.counts}. */
  count(index: number): number;
}

/** Reads one response, event by event or as a whole. Holds what has arrived, so that a cut response is kept. */
export interface ResponseReader {
  /** Takes one event of a stream; a token may have no text, and one event may hold several tokens. */
  readEvent(payload: JsonObject): EventContent;
  /**
   * The text of an event whose other values say nothing new, null when there is more in it. Reading an event that differs
   * from it in this text alone is the same as {@link readText}, which is told of events like the one asked about last.
   */
  simpleText(payload: JsonObject): SimpleText | null;
  /** Takes an event that differs from the last with a {@link simpleText} in its text (not empty) and its counts alone. */
  readText(key: string, event: SimpleEvent): EventContent;
  /** Takes the body of a response that is not a stream. */
  readBody(payload: JsonObject): void;
  /** The server said why it stopped. */
  readonly isFinished: boolean;
  /** An event said that no other follows; left out when that is for the end marker to say. */
  readonly hasEnded?: boolean;
  /** The answer holds what it is for: text, a tool call or counted output tokens in the formats of language models. */
  readonly isUsable: boolean;
  /** What it holds when it is not usable, for the message of the failure. */
  readonly shortfall?: string;
  /** What is known so far. */
  parts(): ResponseParts;
}
