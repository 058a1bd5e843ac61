import type { MonoAudio } from "./mono-audio.js";

/** Samples per second that the realtime endpoint takes. */
export const REALTIME_SAMPLE_RATE = 16_000;

const FULL_SCALE = 32767;

/**
 * Converts to 16-bit samples at 16 kHz: linear interpolation to round(n · 16000 / rate) samples, at least one; values are
 * clipped to [-1, 1]. Audio without samples stays without.
 */
export function toPcm16({ samples, sampleRate }: MonoAudio): Int16Array {
  if (samples.length === 0) return new Int16Array();
  const length = Math.max(1, Math.round((samples.length * REALTIME_SAMPLE_RATE) / sampleRate));
  const step = sampleRate / REALTIME_SAMPLE_RATE;
  const last = samples.length - 1;
  const converted = new Int16Array(length);
  for (let index = 0; index < length; index += 1) {
    const position = Math.min(index * step, last);
    const left = Math.floor(position);
    const before = samples[left] ?? 0;
    const after = samples[Math.min(left + 1, last)] ?? 0;
    const value = before + (after - before) * (position - left);
    converted[index] = Math.round(Math.min(1, Math.max(-1, value)) * FULL_SCALE); // NaN becomes 0
  }
  return converted;
}
