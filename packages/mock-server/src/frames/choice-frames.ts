import type { Span } from "../reply-content.js";
import { CREATED_SECONDS, DONE_EVENT, type ReplyContents, type ReplyFrames, toAsciiJson } from "../reply-frames.js";
import type { PlannedChunk } from "../reply-plan.js";
import { totalMediaTokens } from "../requests/media-tokens.js";

/** Frames of chat and completions. */
export class ChoiceFrames implements ReplyFrames {
  readonly #contents: ReplyContents;
  readonly #head: string;
  readonly #promptDetails: string;

  constructor(contents: ReplyContents) {
    this.#contents = contents;
    const object = contents.form === "chat" ? "chat.completion.chunk" : "text_completion";
    this.#promptDetails = promptDetails(contents.request);
    this.#head = `data: {${identity(contents, object)},"choices":`;
  }

  opening(): readonly string[] {
    return [];
  }

  chunk({ firstToken, tokens }: PlannedChunk): readonly string[] {
    const { form, content } = this.#contents;
    const written = firstToken + tokens;
    const finish = written === content.outputTokens ? `"${this.#finishReason}","stop_reason":null` : "null";
    const spans = content.spans(firstToken, written);
    const text = form === "chat" ? this.#delta(spans) : `"text":"${spans[0]?.text ?? ""}"`;
    const choice = `{"index":0,${text},"logprobs":null,"finish_reason":${finish}}`;
    const event = `${this.#head}[${choice}]${this.#runningUsage(written)}}\n\n`;
    return firstToken === 0 && form === "chat" ? [this.#roleEvent(), event] : [event];
  }

  closing(): readonly string[] {
    const { request, content, omitDone } = this.#contents;
    const events = request.includeUsage ? [`${this.#head}[],"usage":${this.#usage(content.outputTokens)}}\n\n`] : [];
    return omitDone ? events : [...events, DONE_EVENT];
  }

  whole(): string {
    const { form, content } = this.#contents;
    const rest = `"logprobs":null,"finish_reason":"${this.#finishReason}","stop_reason":null`;
    const usage = `"usage":${this.#usage(content.outputTokens)}`;
    if (form === "completion") {
      const object = identity(this.#contents, "text_completion");
      return `{${object},"choices":[{"index":0,"text":"${content.text}",${rest}}],${usage}}`;
    }
    const object = identity(this.#contents, "chat.completion");
    return `{${object},"choices":[{"index":0,"message":${this.#message()},${rest}}],${usage}}`;
  }

  get #finishReason(): string {
    const { plan, content } = this.#contents;
    return content.calls.length > 0 ? "tool_calls" : plan.finishReason;
  }

  /** The event that opens a chat, without a token. */
  #roleEvent(): string {
    const choice = `{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}`;
    return `${this.#head}[${choice}]${this.#runningUsage(0)}}\n\n`;
  }

  #message(): string {
    const { content } = this.#contents;
    const text = content.hasText ? `"${content.text}"` : "null";
    const reasoning = content.reasoningTokens === 0 ? "" : `,"reasoning_content":"${content.reasoning}"`;
    const calls = content.calls.map(({ id, name, pieces }) => {
      const definition = `{"name":${toAsciiJson(name)},"arguments":${toAsciiJson(pieces.join(""))}}`;
      return `{"id":"${id}","type":"function","function":${definition}}`;
    });
    const tools = calls.length === 0 ? "" : `,"tool_calls":[${calls.join(",")}]`;
    return `{"role":"assistant","content":${text},"refusal":null${reasoning}${tools}}`;
  }

  #delta(spans: readonly Span[]): string {
    const [only] = spans;
    if (spans.length === 1 && only?.kind === "text") return `"delta":{"content":"${only.text}"}`; // most events
    const fields: string[] = [];
    const calls: string[] = [];
    for (const span of spans) {
      if (span.kind === "call") calls.push(this.#callFragment(span));
      else fields.push(`"${span.kind === "text" ? "content" : "reasoning_content"}":"${span.text}"`);
    }
    if (calls.length > 0) fields.push(`"tool_calls":[${calls.join(",")}]`);
    return `"delta":{${fields.join(",")}}`;
  }

  #callFragment({ call, text, beginsCall }: Span): string {
    const { id = "", name = "" } = this.#contents.content.calls[call] ?? {};
    const given = toAsciiJson(text);
    if (!beginsCall) return `{"index":${call},"function":{"arguments":${given}}}`;
    return `{"index":${call},"id":"${id}","type":"function","function":{"name":${toAsciiJson(name)},"arguments":${given}}}`;
  }

  #runningUsage(written: number): string {
    return this.#contents.request.continuousUsage ? `,"usage":${this.#usage(written)}` : "";
  }

  #usage(written: number): string {
    const { request, content } = this.#contents;
    const reasoning = Math.min(written, content.reasoningTokens);
    const details = reasoning === 0 ? "" : `,"completion_tokens_details":{"reasoning_tokens":${reasoning}}`;
    const total = request.promptTokens + written;
    const counts = `"prompt_tokens":${request.promptTokens},"total_tokens":${total},"completion_tokens":${written}`;
    return `{${counts}${this.#promptDetails}${details}}`;
  }
}

/** The parts of the prompt, where there is more than text or a cache to tell of; only the kinds that are there. */
function promptDetails({ promptTokens, cachedTokens, media }: ReplyContents["request"]): string {
  const { image, video, audio, seconds } = media;
  const hasMedia = image !== null || video !== null || audio !== null;
  if (!hasMedia && cachedTokens === null) return "";
  const details = {
    ...(cachedTokens === null ? {} : { cached_tokens: cachedTokens }),
    ...(hasMedia ? { prompt_tokens: promptTokens - totalMediaTokens(media) } : {}),
    ...(image === null ? {} : { image_tokens: image }),
    ...(video === null ? {} : { video_tokens: video }),
    ...(audio === null ? {} : { audio_tokens: audio, seconds }),
  };
  return `,"prompt_tokens_details":${JSON.stringify(details)}`;
}

function identity({ id, model }: ReplyContents, object: string): string {
  return `"id":"${id}","object":"${object}","created":${CREATED_SECONDS},"model":${toAsciiJson(model)}`;
}
