import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { toPcm16 } from "./to-pcm16.js";

const pcm = (samples: readonly number[], sampleRate: number): number[] => [
  ...toPcm16({ samples: Float32Array.from(samples), sampleRate }),
];

describe("toPcm16", () => {
  test.each<[string, readonly number[], number, readonly number[]]>([
    ["the same rate", [0, 0.5, -0.5], 16_000, [0, 16384, -16383]],
    ["values outside of [-1, 1] are clipped", [2, -2, 1, -1], 16_000, [32767, -32767, 32767, -32767]],
    ["twice the rate: every other sample", [0, 1, 0.5, 1], 32_000, [0, 16384]],
    ["half the rate: interpolated, the last one held", [0, 1], 8000, [0, 16384, 32767, 32767]],
    ["at least one sample", [0.5], 48_000, [16384]],
    ["no samples stay none", [], 48_000, []],
    ["what is no number is silence", [Number.NaN], 16_000, [0]],
  ])("%s", (_, samples, rate, expected) => expect(pcm(samples, rate)).toEqual(expected));

  test("has round(n · 16000 / rate) samples, all within those around them", () => {
    const sample = fc.float({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1000, max: 96_000 }),
        (samples, rate) => {
          const converted = pcm(samples, rate);
          expect(converted).toHaveLength(Math.max(1, Math.round((samples.length * 16_000) / rate)));
          const [low, high] = [Math.min(...samples), Math.max(...samples)].map((value) => value * 32767);
          expect(converted.every((value) => value >= (low ?? 0) - 1 && value <= (high ?? 0) + 1)).toBe(true);
        },
      ),
    );
  });
});
