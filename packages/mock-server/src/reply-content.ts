import type { MockServerOptions } from "./mock-server-options.js";
import { tokensText } from "./reply-text.js";
import { openObject, smallObject } from "./schema-value.js";
import { seededRandom } from "./seeded-random.js";
import type { OfferedTool, ToolWish } from "./tool-wish.js";

/** A call that a reply makes. Its first token is its name, each other one a piece of its arguments. */
export interface PlannedCall {
  readonly id: string;
  readonly name: string;
  /** JSON of the arguments, one text for each token. */
  readonly pieces: readonly string[];
}

/** Neighbouring tokens of a reply that are of one kind. */
export interface Span {
  readonly kind: "reasoning" | "text" | "call";
  /** Text of these tokens: of the reply, or of the arguments of a call. */
  readonly text: string;
  /** Which call; -1 for texts. */
  readonly call: number;
  /** The first of the tokens is the name of the call. */
  readonly beginsCall: boolean;
}

/** What a request asks for. */
export interface ContentInput {
  readonly options: MockServerOptions;
  readonly ordinal: number;
  readonly outputTokens: number;
  readonly tools: ToolWish;
  /** The form has a place for reasoning and calls. */
  readonly isPlain: boolean;
  /** Calls take turns, token by token, as models that write them in parallel do. */
  readonly interleaved: boolean;
}

/** Which token of a reply is reasoning, text or a call. Texts are made when they are asked for. */
export class ReplyContent {
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly calls: readonly PlannedCall[];
  readonly #textEnd: number;
  readonly #ordinal: number;
  readonly #emptyEvery: number;
  readonly #interleaved: boolean;

  constructor({ options, ordinal, outputTokens, tools, isPlain, interleaved }: ContentInput) {
    const called = isPlain ? [] : chooseTools(options, ordinal, tools);
    const before = called.length > 0 ? outputTokens - 1 : outputTokens; // the name of a call needs a token
    this.outputTokens = outputTokens;
    this.reasoningTokens = isPlain ? 0 : Math.min(options.reasoning_tokens, before);
    this.#textEnd =
      called.length > 0 ? Math.min(this.reasoningTokens + options.tool_text_tokens, before) : outputTokens;
    this.#ordinal = ordinal;
    this.#emptyEvery = options.empty_token_every;
    this.#interleaved = interleaved;
    this.calls = planCalls(called, outputTokens - this.#textEnd, options.seed, ordinal);
  }

  /** Whether the reply has a text, which may have no tokens. */
  get hasText(): boolean {
    return this.calls.length === 0 || this.#textEnd > this.reasoningTokens;
  }

  get reasoning(): string {
    return this.#textOf(0, this.reasoningTokens);
  }

  get text(): string {
    return this.#textOf(this.reasoningTokens, this.#textEnd);
  }

  /** The tokens `[from, to)`, neighbours of one kind together. */
  spans(from: number, to: number): readonly Span[] {
    const spans: Span[] = [];
    const reasoningTo = Math.min(Math.max(from, this.reasoningTokens), to);
    const textTo = Math.min(Math.max(reasoningTo, this.#textEnd), to);
    if (reasoningTo > from) spans.push(this.#textSpan("reasoning", from, reasoningTo));
    if (textTo > reasoningTo) spans.push(this.#textSpan("text", reasoningTo, textTo));
    for (let token = textTo; token < to; token += 1) this.#addCallToken(spans, token - this.#textEnd);
    return spans;
  }

  #textSpan(kind: "reasoning" | "text", from: number, to: number): Span {
    return { kind, text: this.#textOf(from, to), call: -1, beginsCall: false };
  }

  #textOf(from: number, to: number): string {
    return tokensText(this.#ordinal, from, to - from, this.#emptyEvery);
  }

  #addCallToken(spans: Span[], token: number): void {
    const { call, piece } = this.#placeOf(token);
    const text = this.calls[call]?.pieces[piece] ?? "";
    const last = spans.at(-1);
    if (last?.kind === "call" && last.call === call) spans[spans.length - 1] = { ...last, text: last.text + text };
    else spans.push({ kind: "call", text, call, beginsCall: piece === 0 });
  }

  /** The call that a token belongs to, and which of its tokens it is. */
  #placeOf(token: number): { readonly call: number; readonly piece: number } {
    if (this.#interleaved) return { call: token % this.calls.length, piece: Math.floor(token / this.calls.length) };
    let piece = token;
    for (const [call, { pieces }] of this.calls.entries()) {
      if (piece < pieces.length) return { call, piece };
      piece -= pieces.length;
    }
    throw new RangeError(`token ${token} belongs to no call`);
  }
}

/** The tools that the reply calls, none when it is a text. */
function chooseTools(options: MockServerOptions, ordinal: number, { tools, choice }: ToolWish): readonly OfferedTool[] {
  const named = typeof choice === "object" ? tools.filter(({ name }) => name === choice.name) : tools;
  const [first] = named;
  if (first === undefined || choice === "none") return [];
  const { uniform } = seededRandom(options.seed, ordinal, "tools");
  const share = choice === "auto" ? options.tool_call_rate : 1 - options.tool_call_missing_rate;
  if (uniform() >= share) return [];
  return Array.from({ length: options.tool_calls }, (_, index) => named[index % named.length] ?? first);
}

function planCalls(tools: readonly OfferedTool[], tokens: number, seed: number, ordinal: number): PlannedCall[] {
  const count = Math.min(tools.length, tokens);
  return tools.slice(0, count).map(({ name, schema }, index) => {
    const own = Math.floor(tokens / count) + (index < tokens % count ? 1 : 0);
    const id = `call_${seededRandom(seed, ordinal, "call", index).uniform().toString(16).slice(2, 10).padEnd(8, "0")}`;
    return { id, name, pieces: argumentPieces(schema, own, ordinal + index) };
  });
}

/** Arguments in as many pieces as there are tokens; the token of the name brings none, unless it is alone. */
function argumentPieces(schema: unknown, tokens: number, ordinal: number): readonly string[] {
  const open = tokens < 4 ? null : openObject(schema);
  if (open === null) {
    // white space behind JSON is JSON, too
    const padding = Array.from({ length: Math.max(0, tokens - 2) }, () => " ");
    return tokens === 1 ? [smallObject(schema)] : ["", smallObject(schema), ...padding];
  }
  const words = Array.from({ length: tokens - 3 }, (_, index) => tokensText(ordinal, index, 1, 0));
  return ["", open.head, ...words, open.tail];
}
