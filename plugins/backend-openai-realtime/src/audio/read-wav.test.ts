import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type WavOptions, wavFile } from "../../test/support/wav.js";
import { isWav, readWav } from "./read-wav.js";

/** Largest error of a rounded sample, by encoding. */
const STEP = {
  pcm8: 1 / 128,
  pcm16: 1 / 32768,
  pcm24: 1 / 8388608,
  pcm32: 1e-7,
  float32: 1e-7,
  float64: 1e-7,
} as const;
const sample = fc.float({ min: -1, max: 1, noNaN: true });

describe("readWav", () => {
  test.each(Object.keys(STEP) as (keyof typeof STEP)[])("reads %s of one channel", (encoding) => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 40 }), fc.boolean(), (samples, extensible) => {
        const audio = readWav(wavFile(samples, { encoding, extensible, sampleRate: 22_050 }));
        expect(audio.sampleRate).toBe(22_050);
        expect(audio.samples).toHaveLength(samples.length);
        const errors = samples.map((value, at) => Math.abs(value - (audio.samples[at] ?? Number.NaN)));
        expect(errors.every((error) => error <= STEP[encoding])).toBe(true);
      }),
    );
  });

  test("averages the channels", () => {
    const audio = readWav(wavFile([0.5, -0.5, 0.25, 0.75, 1, 1], { channels: 2, encoding: "float32" }));
    expect([...audio.samples]).toEqual([0, 0.5, 1]);
  });

  test("a data chunk that is said to be longer than the file ends with it, whole frames only", () => {
    const whole = Buffer.from(wavFile([0.5, -0.5, 0.25]));
    const size = whole.lastIndexOf("data") + 4;
    whole.writeUInt32LE(0xffffffff, size);
    expect(readWav(whole.subarray(0, whole.length - 1)).samples).toHaveLength(2);
  });

  test.each<[string, (file: Buffer) => Buffer, string]>([
    ["no chunks", (file) => file.subarray(0, 12), "no format"],
    ["no samples", (file) => file.subarray(0, file.lastIndexOf("data")), "no samples"],
    ["a cut format", (file) => file.subarray(0, file.indexOf("fmt ") + 14), "cut off"],
    ["an unknown encoding", (file) => patched(file, 8, 6), "encoding 6 with 16 bits is not known"],
    ["no channels", (file) => patched(file, 10, 0), "no channels"],
    ["no sample rate", (file) => patched(file, 12, 0), "no sample rate"],
  ])("refuses %s", (_, change, message) => {
    expect(() => readWav(change(Buffer.from(wavFile([0.5]))))).toThrow(message);
  });

  test("never reads outside of what it is given", () => {
    const options: WavOptions = { channels: 2, extensible: true };
    const file = wavFile([0, 0.1, 0.2, 0.3], options);
    fc.assert(
      fc.property(fc.nat(file.length), fc.nat(file.length - 1), fc.nat(255), (length, at, value) => {
        const changed = Uint8Array.from(file);
        changed[at] = value;
        const bytes = changed.subarray(0, length);
        if (!isWav(bytes)) return;
        try {
          const { samples } = readWav(bytes);
          expect(samples.length).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toMatchObject({ code: "CORE_BACKEND_UNUSABLE_REQUEST" });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** The file with a number at an offset into its format chunk. */
function patched(file: Buffer, offset: number, value: number): Buffer {
  const at = file.indexOf("fmt ") + offset;
  if (offset === 12) file.writeUInt32LE(value, at);
  else file.writeUInt16LE(value, at);
  return file;
}
