import { type RequestTimings, totalTokens, type UsageMetrics } from "@core/backend";
import { GapEncoder } from "./gap-encoder.js";
import type { MergedUsage } from "./merged-usage.js";
import type { RecordBatch } from "./record-batch.js";
import {
  RECORD_OFFSET as AT,
  INPUT_MEDIA,
  OUTPUT_MEDIA,
  RECORD_FLAGS,
  RECORD_STRIDE,
  type RecordStatus,
} from "./record-layout.js";

const INITIAL_ROWS = 64;

/** Everything a worker knows about one finished request. Null and `NaN` both mean "unknown". */
export interface RecordInput {
  readonly index: number;
  readonly conversationIndex: number;
  readonly worker: number;
  readonly status: RecordStatus;
  readonly turnIndex: number;
  /** Number that the data gave to the class of the request; left out for a request without a class. */
  readonly classId?: number | undefined;
  readonly precedingNodes: number;
  readonly queuedNs: number;
  readonly predecessorCompletedNs: number;
  readonly timings: RequestTimings;
  readonly usage: MergedUsage;
  readonly expectedOutputTokens: number | null;
  readonly truncated: boolean;
  /** Code of the failure, null for a completed request. */
  readonly errorCode: string | null;
}

/** Appends finished requests to a buffer that {@link take} hands over for transfer. One per worker. */
export class RecordWriter {
  #rows = new Float64Array(INITIAL_ROWS * RECORD_STRIDE);
  #count = 0;
  readonly #gaps = new GapEncoder();
  readonly #errorCodes: string[] = [];

  /** Rows waiting to be taken. */
  get count(): number {
    return this.#count;
  }

  /** Appends one request. Everything is copied, so `record.timings` may be reused at once. */
  append(record: RecordInput): void {
    this.#grow();
    const base = this.#count * RECORD_STRIDE;
    const rows = this.#rows;
    const set = (at: number, value: number | null): void => {
      rows[base + at] = value ?? Number.NaN;
    };
    set(AT.index, record.index);
    set(AT.conversation_index, record.conversationIndex);
    set(AT.worker, record.worker);
    set(AT.status, record.status);
    set(AT.turn_index, record.turnIndex);
    set(AT.class_id, record.classId ?? null);
    set(AT.preceding_nodes, record.precedingNodes);
    set(AT.queued_ns, record.queuedNs);
    set(AT.predecessor_completed_ns, record.predecessorCompletedNs);
    setTimings(set, record.timings);
    this.#setGaps(set, record.timings);
    setUsage(set, record.usage);
    this.#setMedia(base, record.usage);
    set(AT.expected_output_tokens, record.expectedOutputTokens);
    set(AT.flags, flagsOf(record));
    set(AT.error_code_id, record.errorCode === null ? Number.NaN : this.#errorCodeId(record.errorCode));
    this.#count += 1;
  }

  /** Hands over all rows so far and starts empty again; null when there are none. */
  take(): RecordBatch | null {
    if (this.#count === 0) {
      return null;
    }
    const rows = this.#rows.buffer.slice(0, this.#count * RECORD_STRIDE * 8);
    const batch = { rows, count: this.#count, gaps: this.#gaps.take(), errorCodes: [...this.#errorCodes] };
    this.#count = 0;
    return batch;
  }

  #setGaps(set: SetField, timings: RequestTimings): void {
    const offset = this.#gaps.pairCount;
    const { tokenTimesNs } = timings;
    const pairs = this.#gaps.encode(tokenTimesNs, Math.min(timings.tokenIterations, tokenTimesNs.length));
    set(AT.gap_pair_offset, offset);
    set(AT.gap_pair_count, pairs);
    set(AT.gap_count, this.#gaps.moments.count);
    set(AT.gap_sum_ns, this.#gaps.moments.sumNs);
    set(AT.gap_sumsq_ns2, this.#gaps.moments.sumSquaresNs2);
    set(AT.gap_min_ns, this.#gaps.moments.minNs);
    set(AT.gap_max_ns, this.#gaps.moments.maxNs);
  }

  /** Perf: most requests have no media, so that one fill does. */
  #setMedia(base: number, { input, output }: MergedUsage): void {
    let at = base + AT.input_image_tokens;
    this.#rows.fill(Number.NaN, at, at + INPUT_MEDIA.length + OUTPUT_MEDIA.length);
    if (!hasMedia(input) && !hasMedia(output)) return;
    for (const name of INPUT_MEDIA) this.#rows[at++] = input[name] ?? Number.NaN;
    for (const name of OUTPUT_MEDIA) this.#rows[at++] = output[name] ?? Number.NaN;
  }

  #errorCodeId(code: string): number {
    const known = this.#errorCodes.indexOf(code);
    return known >= 0 ? known : this.#errorCodes.push(code) - 1;
  }

  #grow(): void {
    if ((this.#count + 1) * RECORD_STRIDE > this.#rows.length) {
      const grown = new Float64Array(this.#rows.length * 2);
      grown.set(this.#rows);
      this.#rows = grown;
    }
  }
}

/** Perf: fields are named by their place, which the compiler knows: a look-up for each would be most of the work. */
type SetField = (at: number, value: number | null) => void;

function setTimings(set: SetField, timings: RequestTimings): void {
  set(AT.intended_start_ns, timings.intendedStartNs);
  set(AT.dequeued_ns, timings.dequeuedNs);
  set(AT.resolve_start_ns, timings.resolveStartNs);
  set(AT.connect_start_ns, timings.connectStartNs);
  set(AT.connect_end_ns, timings.connectEndNs);
  set(AT.send_ns, timings.sendNs);
  set(AT.first_byte_ns, timings.firstByteNs);
  set(AT.first_iteration_ns, timings.firstIterationNs);
  set(AT.first_token_ns, timings.firstTokenNs);
  set(AT.first_output_token_ns, timings.firstOutputTokenNs);
  set(AT.last_token_ns, timings.lastTokenNs);
  set(AT.last_iteration_ns, timings.lastIterationNs);
  set(AT.end_ns, timings.endNs);
  set(AT.resolve_end_ns, timings.resolveEndNs);
  set(AT.iterations, timings.iterations);
  set(AT.token_iterations, timings.tokenIterations);
  set(AT.request_bytes, timings.requestBytes);
  set(AT.response_bytes, timings.responseBytes);
  set(AT.last_message_sent_ns, timings.lastMessageSentNs);
  set(AT.mean_message_sent_ns, timings.meanMessageSentNs);
  set(AT.messages_sent, timings.messagesSent);
  set(AT.mean_token_ns, timings.messagesSent === 0 ? Number.NaN : meanTokenNs(timings));
}

/** Mean instant of the token events; NaN without any. */
function meanTokenNs({ tokenTimesNs, tokenIterations }: RequestTimings): number {
  let mean = Number.NaN;
  for (let at = 0; at < tokenIterations; at += 1) {
    const atNs = tokenTimesNs[at] ?? Number.NaN;
    mean = at === 0 ? atNs : mean + (atNs - mean) / (at + 1);
  }
  return mean;
}

function setUsage(set: SetField, usage: MergedUsage): void {
  set(AT.prompt_tokens, totalTokens(usage.input));
  set(AT.cached_tokens, usage.input.cached_tokens);
  set(AT.output_tokens, totalTokens(usage.output));
  set(AT.reasoning_tokens, usage.output.reasoning_tokens);
  setSide(set, INPUT_AT, usage.input);
  setSide(set, OUTPUT_AT, usage.output);
}

const INPUT_AT = {
  text_tokens: AT.input_text_tokens,
  text_words: AT.input_text_words,
  text_characters: AT.input_text_characters,
  tool_call_tokens: AT.input_tool_call_tokens,
  mixed_content_tool_tokens: AT.input_mixed_content_tool_tokens,
  tool_call_count: AT.input_tool_call_count,
} as const;

const OUTPUT_AT: typeof INPUT_AT = {
  text_tokens: AT.output_text_tokens,
  text_words: AT.output_text_words,
  text_characters: AT.output_text_characters,
  tool_call_tokens: AT.output_tool_call_tokens,
  mixed_content_tool_tokens: AT.output_mixed_content_tool_tokens,
  tool_call_count: AT.output_tool_call_count,
};

function setSide(set: SetField, at: typeof INPUT_AT, usage: UsageMetrics): void {
  set(at.text_tokens, usage.text_tokens);
  set(at.text_words, usage.text_words);
  set(at.text_characters, usage.text_characters);
  set(at.tool_call_tokens, usage.tool_call_tokens);
  set(at.mixed_content_tool_tokens, usage.mixed_content_tool_tokens);
  set(at.tool_call_count, usage.tool_call_count);
}

/** Whether a counter of media can be there: each kind has one of these. */
function hasMedia(usage: UsageMetrics): boolean {
  return (
    usage.audio_tokens !== null ||
    usage.audio_bytes !== null ||
    usage.audio_seconds !== null ||
    usage.image_tokens !== null ||
    usage.image_count !== null ||
    usage.image_pixels !== null ||
    usage.image_bytes !== null ||
    usage.video_tokens !== null ||
    usage.video_frames !== null ||
    usage.video_seconds !== null ||
    usage.video_bytes !== null
  );
}

function flagsOf(record: RecordInput): number {
  return (
    (record.timings.freshConnection ? RECORD_FLAGS.freshConnection : 0) |
    (record.timings.retried ? RECORD_FLAGS.retried : 0) |
    (isEstimated(record) ? RECORD_FLAGS.estimatedOutputTokens : 0) |
    (record.truncated ? RECORD_FLAGS.truncated : 0) |
    (record.usage.outputEstimated ? RECORD_FLAGS.requestedOutputTokens : 0)
  );
}

/** True for an expected count, and for a request without any count whose stream events stand for its tokens. */
function isEstimated(record: RecordInput): boolean {
  return (
    record.usage.outputEstimated || (totalTokens(record.usage.output) === null && record.timings.tokenIterations > 0)
  );
}
