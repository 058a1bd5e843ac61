import { REALTIME_SAMPLE_RATE } from "../audio/to-pcm16.js";
import type { RealtimeMessages } from "./prepared-realtime-request.js";

/** What the messages are made from. */
export interface RealtimeMessagesInput {
  /** 16 kHz, one channel. */
  readonly samples: Int16Array;
  readonly chunkSamples: number;
  readonly model: string;
  /** Merged into `session.update`; its `type` and `model` are not used. */
  readonly extras: Readonly<Record<string, unknown>>;
  /** Speed of the audio as a multiple of real time; null: all at once. */
  readonly pace: number | null;
}

const START = message({ type: "input_audio_buffer.commit", final: false });
const END = message({ type: "input_audio_buffer.commit", final: true });

/**
 * `session.update`, the audio in pieces, a commit that starts the transcription and one that ends the audio. With a pace the
 * transcription is started first, as a live one is, and each piece is due when the one before has been spoken.
 */
export function realtimeMessages(input: RealtimeMessagesInput): RealtimeMessages {
  const { samples, chunkSamples, model, extras, pace } = input;
  const update = message({ ...extras, type: "session.update", model });
  const chunks: Buffer[] = [];
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength); // little-endian, as all of Node's platforms
  for (let at = 0; at < bytes.length; at += chunkSamples * 2) {
    const audio = bytes.toString("base64", at, Math.min(at + chunkSamples * 2, bytes.length));
    chunks.push(Buffer.from(`{"type":"input_audio_buffer.append","audio":"${audio}"}`, "latin1"));
  }
  const all = pace === null ? [update, ...chunks, START, END] : [update, START, ...chunks, END];
  return {
    all,
    dueMs: pace === null ? null : dueTimes(samples.length, chunkSamples, pace, chunks.length),
    bytes: all.reduce((sum, { length }) => sum + length, 0),
  };
}

function dueTimes(samples: number, chunkSamples: number, pace: number, chunks: number): Float64Array {
  const msPerSample = 1000 / (REALTIME_SAMPLE_RATE * pace);
  const due = new Float64Array(chunks + 3);
  for (let chunk = 0; chunk < chunks; chunk += 1) due[chunk + 2] = chunk * chunkSamples * msPerSample;
  due[chunks + 2] = samples * msPerSample;
  return due;
}

function message(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
