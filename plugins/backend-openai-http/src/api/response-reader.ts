import type { GenerationResponse, TextMeter } from "@core/backend";
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

/** The only text of an event that is otherwise like many others, of this response and of others. */
export interface SimpleText {
  /** Name of its field. */
  readonly key: string;
  readonly text: string;
  /** What the text is. */
  readonly content: "reasoning" | "output";
  /** Fields with whole numbers that may be others in the next event. */
  readonly numbers: readonly string[];
  /** Fields with strings that may be others in the next event. */
  readonly strings: readonly string[];
  /** The running usage, null without one; its numbers are the first of `numbers`. */
  readonly usage: JsonObject | null;
}

/** An event that differs from one with a {@link SimpleText} in that text, its numbers and its strings alone. Valid while it is handed over. */
export interface SimpleEvent extends TextSpan {
  /** That of the event which it is like. */
  readonly simple: SimpleText;
  /** The number of the field at `index` of {@link SimpleText.numbers}. */
  number(index: number): number;
  /** The string of the field at `index` of {@link SimpleText.strings}. */
  string(index: number): string;
}

/** Reads one response, event by event or as a whole. Holds what has arrived, so that a cut response is kept. */
export interface ResponseReader {
  /** Takes one event of a stream; a token may have no text, and one event may hold several tokens. */
  readEvent(payload: JsonObject): EventContent;
  /**
   * The text of an event whose other values say nothing new, null when there is more in it. Reading an event that is like
   * it, in whichever response, is the same as {@link readText}.
   */
  simpleText(payload: JsonObject): SimpleText | null;
  /** Takes an event that is like one with a {@link simpleText}; its own text is not empty. */
  readText(event: SimpleEvent): EventContent;
  /**
   * What counts the text of further events that are like one that was just read: all that {@link readText} would do with
   * them is to add their text to it, and their numbers, if there is a running usage, to {@link readNumbers}. Null, and left
   * out, when it would do more.
   */
  meterOf?(simple: SimpleText): TextMeter | null;
  /** The numbers of the latest of these events: the first of {@link SimpleText.numbers}, as many as there are in its usage. */
  readNumbers?(simple: SimpleText, numbers: readonly number[]): void;
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
