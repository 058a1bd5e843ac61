import { asciiOnly, CREATED_SECONDS, DONE_EVENT, type ReplyContents, type ReplyFrames } from "../reply-frames.js";
import type { PlannedChunk } from "../reply-plan.js";

/** What a request for the text of speech brought. */
export interface ReceivedAudio {
  /** Estimated length, seconds. */
  readonly seconds: number;
  readonly isVerbose: boolean;
  readonly language: string;
}

/** Which of the two servers is imitated, and what was asked. */
export interface AudioFramesOptions {
  readonly dialect: "vllm" | "openai";
  readonly task: "transcribe" | "translate";
  readonly audio: ReceivedAudio;
}

/** Frames of transcriptions and translations. */
export class AudioFrames implements ReplyFrames {
  readonly #contents: ReplyContents;
  readonly #options: AudioFramesOptions;

  constructor(contents: ReplyContents, options: AudioFramesOptions) {
    this.#contents = contents;
    this.#options = options;
  }

  opening(): readonly string[] {
    return [];
  }

  chunk({ firstToken, tokens }: PlannedChunk): readonly string[] {
    const { content, plan, request } = this.#contents;
    const written = firstToken + tokens;
    const text = content.spans(firstToken, written)[0]?.text ?? "";
    if (this.#options.dialect === "openai") return [event({ type: "transcript.text.delta", delta: text })];
    const finish_reason = written === content.outputTokens ? plan.finishReason : null;
    const choices = [{ delta: { content: text }, finish_reason, stop_reason: null }];
    return [
      event({ ...this.#identity(), choices, ...(request.continuousUsage ? { usage: this.#counts(written) } : {}) }),
    ];
  }

  closing(): readonly string[] {
    const { content, request, omitDone } = this.#contents;
    if (this.#options.dialect === "openai") {
      return [event({ type: "transcript.text.done", text: content.text, usage: this.#usage() })];
    }
    const usage = this.#counts(content.outputTokens);
    const events = request.includeUsage ? [event({ ...this.#identity(), choices: [], usage })] : [];
    return omitDone ? events : [...events, DONE_EVENT];
  }

  whole(): string {
    const { text } = this.#contents.content;
    const { audio, task } = this.#options;
    const reply = { text, usage: this.#usage() };
    if (!audio.isVerbose) return asciiOnly(JSON.stringify(reply));
    const segments = [{ id: 0, seek: 0, start: 0, end: audio.seconds, text }];
    return asciiOnly(JSON.stringify({ task, language: audio.language, duration: audio.seconds, ...reply, segments }));
  }

  #identity() {
    const { id, model } = this.#contents;
    const object = this.#options.task === "transcribe" ? "transcription.chunk" : "translation.chunk";
    return { id, object, created: CREATED_SECONDS, model };
  }

  #counts(written: number) {
    const { promptTokens } = this.#contents.request;
    return { prompt_tokens: promptTokens, total_tokens: promptTokens + written, completion_tokens: written };
  }

  /** Usage of a whole reply. vLLM tells the seconds alone; the counts beside them are those of GuideLLM's mock server. */
  #usage(): object {
    const { request, content } = this.#contents;
    if (this.#options.dialect === "vllm") {
      return { type: "duration", seconds: this.#options.audio.seconds, ...this.#counts(content.outputTokens) };
    }
    return {
      type: "tokens",
      input_tokens: request.promptTokens,
      input_token_details: { text_tokens: 0, audio_tokens: request.promptTokens },
      output_tokens: content.outputTokens,
      total_tokens: request.promptTokens + content.outputTokens,
    };
  }
}

function event(value: object): string {
  return `data: ${asciiOnly(JSON.stringify(value))}\n\n`;
}
