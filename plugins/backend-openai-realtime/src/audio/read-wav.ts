import { audioProblem } from "./audio-problem.js";
import type { MonoAudio } from "./mono-audio.js";

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

interface Format {
  readonly encoding: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bytesPerSample: number;
}

type ReadSample = (view: DataView, at: number) => number;

/** Readers of one sample, as a number in [-1, 1], by encoding and size in bytes. */
const READERS: Readonly<Record<string, ReadSample>> = {
  [`${PCM}/1`]: (view, at) => (view.getUint8(at) - 128) / 128,
  [`${PCM}/2`]: (view, at) => view.getInt16(at, true) / 32768,
  [`${PCM}/3`]: (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65536) / 8388608,
  [`${PCM}/4`]: (view, at) => view.getInt32(at, true) / 2147483648,
  [`${FLOAT}/4`]: (view, at) => view.getFloat32(at, true),
  [`${FLOAT}/8`]: (view, at) => view.getFloat64(at, true),
};

/** Tells whether bytes begin like a WAV file. */
export function isWav(bytes: Uint8Array): boolean {
  return bytes.length >= 12 && textAt(bytes, 0) === "RIFF" && textAt(bytes, 8) === "WAVE";
}

/**
 * Reads a WAV file (PCM of 8 to 32 bits, floats of 32 and 64 bits, also in the extensible form); channels are averaged. A
 * data chunk that says it is longer than the file, as streamed files do, ends with the file.
 *
 * @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST for what is cut off, or encoded in another way.
 */
export function readWav(bytes: Uint8Array): MonoAudio {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: Format | null = null;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = textAt(bytes, at);
    const start = at + 8;
    const size = view.getUint32(at + 4, true);
    if (name === "fmt ") format = readFormat(view, start, size);
    if (name === "data") {
      if (format === null) break;
      return readSamples(view, start, Math.min(start + size, bytes.length), format);
    }
    at = start + size + (size % 2); // chunks begin at even offsets
  }
  throw audioProblem(`the WAV file has no ${format === null ? "format" : "samples"}`);
}

function readFormat(view: DataView, at: number, size: number): Format {
  if (size < 16 || at + size > view.byteLength) throw audioProblem("the WAV file is cut off");
  const encoding = view.getUint16(at, true);
  return {
    encoding: encoding === EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : encoding,
    channels: view.getUint16(at + 2, true),
    sampleRate: view.getUint32(at + 4, true),
    bytesPerSample: view.getUint16(at + 14, true) / 8,
  };
}

function readSamples(view: DataView, start: number, end: number, format: Format): MonoAudio {
  const { encoding, channels, sampleRate, bytesPerSample } = format;
  const read = READERS[`${encoding}/${bytesPerSample}`];
  if (read === undefined) throw audioProblem(`WAV encoding ${encoding} with ${bytesPerSample * 8} bits is not known`);
  if (channels === 0 || sampleRate === 0) throw audioProblem("the WAV file states no channels or no sample rate");
  const frames = Math.floor((end - start) / (channels * bytesPerSample));
  const samples = new Float32Array(frames);
  let at = start;
  for (let frame = 0; frame < frames; frame += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1, at += bytesPerSample) sum += read(view, at);
    samples[frame] = sum / channels;
  }
  return { samples, sampleRate };
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
