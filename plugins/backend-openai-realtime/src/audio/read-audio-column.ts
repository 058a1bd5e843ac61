import { BackendError, type GenerationRequest, isMapping } from "@core/backend";
import { audioProblem } from "./audio-problem.js";
import type { MonoAudio } from "./mono-audio.js";
import { isWav, readWav } from "./read-wav.js";
import { REALTIME_SAMPLE_RATE } from "./to-pcm16.js";

const RAW_FORMATS = new Set(["pcm", "pcm16", "pcm_s16le", "s16le"]);

/** The audio of a request, encoded. */
export interface RequestAudio {
  readonly bytes: Uint8Array;
  /** Needed for what is no WAV file. */
  readonly format: unknown;
  /** Samples per second of what is no WAV file. */
  readonly sampleRate: unknown;
}

/**
 * The one item of a request's `audio_column`: an object with `audio` (bytes, base64 text or a data URL) and `format`; what
 * is no WAV file must have the format `pcm16` (one channel, little-endian) and may have a `sample_rate`, else 16 kHz.
 *
 * @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST for no item, several, or one that cannot be read.
 */
export function readAudioColumn({ requestId, columns }: GenerationRequest): RequestAudio {
  const items = (columns["audio_column"] ?? []).filter((item) => item !== null && item !== undefined);
  const [item] = items;
  if (items.length !== 1) {
    const present = Object.keys(columns).filter((name) => (columns[name]?.length ?? 0) > 0);
    throw new BackendError(
      `The request ${requestId} needs exactly one item in audio_column and has ${items.length}; it has the columns ` +
        `${present.join(", ") || "none"}.`,
      { code: "CORE_BACKEND_UNUSABLE_REQUEST", hint: "Map one column of audio with --data-column-mapper." },
    );
  }
  if (!isMapping(item)) throw audioProblem('an item of audio_column must be an object with "audio" and "format"');
  const { audio, format, sample_rate: sampleRate = REALTIME_SAMPLE_RATE } = item;
  return { bytes: bytesOf(audio), format, sampleRate };
}

/** Decodes the audio of a request. @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST for what cannot be read. */
export function decodeAudio({ bytes, format: given, sampleRate }: RequestAudio): MonoAudio {
  if (isWav(bytes)) return readWav(bytes);
  const format = String(given ?? "").toLowerCase();
  if (!RAW_FORMATS.has(format))
    throw audioProblem(`its format is ${format === "" ? "not stated" : `"${format.slice(0, 20)}"`}`);
  if (typeof sampleRate !== "number" || !(sampleRate > 0 && sampleRate < Number.POSITIVE_INFINITY)) {
    throw audioProblem("its sample_rate must be a number above 0");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Float32Array(Math.floor(bytes.length / 2));
  for (let at = 0; at < samples.length; at += 1) samples[at] = view.getInt16(at * 2, true) / 32768;
  return { samples, sampleRate };
}

function bytesOf(audio: unknown): Uint8Array {
  if (ArrayBuffer.isView(audio)) return new Uint8Array(audio.buffer, audio.byteOffset, audio.byteLength);
  if (typeof audio === "string") return Buffer.from(audio.replace(/^data:[^,]{0,100},/, ""), "base64");
  throw audioProblem('"audio" must be bytes or base64 text');
}
