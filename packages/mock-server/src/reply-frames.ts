import type { GenerationForm, GenerationRequest } from "./generation-request.js";
import type { PlannedChunk, ReplyPlan } from "./reply-plan.js";
import { tokensText } from "./reply-text.js";

/** What the frames of one reply are made from. */
export interface ReplyContents {
  readonly form: GenerationForm;
  readonly request: GenerationRequest;
  readonly plan: ReplyPlan;
  readonly ordinal: number;
  readonly id: string;
  readonly model: string;
  /** Tokens at the start that are reasoning; 0 unless the form is `chat`. */
  readonly reasoningTokens: number;
  readonly emptyTokenEvery: number;
}

/** `created` of everything: replies of the same seed are the same bytes. */
export const CREATED_SECONDS = 1_700_000_000;

/** Closing event of a stream. */
export const DONE_EVENT = "data: [DONE]\n\n";

/** The texts of one reply: events of a stream, ASCII only, or the whole of it. */
export class ReplyFrames {
  readonly #contents: ReplyContents;
  readonly #head: string;

  constructor(contents: ReplyContents) {
    this.#contents = contents;
    const object = contents.form === "chat" ? "chat.completion.chunk" : "text_completion";
    this.#head = `data: {${identity(contents, object)},"choices":`;
  }

  /** First event of a chat stream, without a token; written together with the first token. */
  roleEvent(): string {
    const choice = `{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}`;
    return `${this.#head}[${choice}]${this.#runningUsage(0)}}\n\n`;
  }

  /** Event of one chunk; the last one also carries the finish reason. */
  tokenEvent({ firstToken, tokens }: PlannedChunk): string {
    const { form, plan } = this.#contents;
    const written = firstToken + tokens;
    const finish = written === plan.outputTokens ? `"${plan.finishReason}","stop_reason":null` : "null";
    const text = form === "chat" ? this.#delta(firstToken, written) : `"text":"${this.#text(firstToken, written)}"`;
    const choice = `{"index":0,${text},"logprobs":null,"finish_reason":${finish}}`;
    return `${this.#head}[${choice}]${this.#runningUsage(written)}}\n\n`;
  }

  /** Event with the usage and no choice. */
  usageEvent(): string {
    return `${this.#head}[],"usage":${this.#usage(this.#contents.plan.outputTokens)}}\n\n`;
  }

  /** The reply that is not streamed. */
  wholeReply(): string {
    const { form, plan, reasoningTokens } = this.#contents;
    const rest = `"logprobs":null,"finish_reason":"${plan.finishReason}","stop_reason":null`;
    const usage = `"usage":${this.#usage(plan.outputTokens)}`;
    const content = this.#text(reasoningTokens, plan.outputTokens);
    if (form === "completion") {
      const object = identity(this.#contents, "text_completion");
      return `{${object},"choices":[{"index":0,"text":"${content}",${rest}}],${usage}}`;
    }
    const reasoning = reasoningTokens === 0 ? "" : `,"reasoning_content":"${this.#text(0, reasoningTokens)}"`;
    const message = `{"role":"assistant","content":"${content}","refusal":null${reasoning}}`;
    const object = identity(this.#contents, "chat.completion");
    return `{${object},"choices":[{"index":0,"message":${message},${rest}}],${usage}}`;
  }

  #delta(from: number, to: number): string {
    const boundary = Math.min(Math.max(from, this.#contents.reasoningTokens), to);
    const fields: string[] = [];
    if (boundary > from) fields.push(`"reasoning_content":"${this.#text(from, boundary)}"`);
    if (to > boundary) fields.push(`"content":"${this.#text(boundary, to)}"`);
    return `"delta":{${fields.join(",")}}`;
  }

  #text(from: number, to: number): string {
    return tokensText(this.#contents.ordinal, from, to - from, this.#contents.emptyTokenEvery);
  }

  #runningUsage(written: number): string {
    return this.#contents.request.continuousUsage ? `,"usage":${this.#usage(written)}` : "";
  }

  #usage(written: number): string {
    const { request, reasoningTokens } = this.#contents;
    const reasoning = Math.min(written, reasoningTokens);
    const details = reasoning === 0 ? "" : `,"completion_tokens_details":{"reasoning_tokens":${reasoning}}`;
    const total = request.promptTokens + written;
    const counts = `"prompt_tokens":${request.promptTokens},"total_tokens":${total},"completion_tokens":${written}`;
    return `{${counts}${details}}`;
  }
}

function identity({ id, model }: ReplyContents, object: string): string {
  return `"id":"${id}","object":"${object}","created":${CREATED_SECONDS},"model":${toAsciiJson(model)}`;
}

/** JSON text of a string in ASCII, so that its length is its number of bytes. */
function toAsciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
