import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { waveFile } from "../../test/support/wave-file.js";
import { readAudioHeader } from "./audio-header.js";

/** The first example file of RFC 9639 (appendix D.1): one frame of two channels at 44100 Hz. */
const FLAC = Buffer.from(
  "664c614380000022100010000000" +
    "0f00000f0ac442f0000000013e84b41807dc690307586a3dad1a2e0f" +
    "fff869180000bf0358fd03128baa9a",
  "hex",
);

describe("length", () => {
  test("of WAV, whatever rate and channels", () => {
    const options = fc.record({
      rate: fc.integer({ min: 8000, max: 96_000 }),
      channels: fc.integer({ min: 1, max: 6 }),
      frames: fc.nat(5000),
    });
    fc.assert(
      fc.property(options, ({ rate, channels, frames }) => {
        expect(readAudioHeader(waveFile({ rate, channels, frames }))).toEqual({
          format: "wav",
          samples: frames,
          seconds: frames / rate,
        });
      }),
    );
  });

  test("of WAV that was streamed: the data goes to the end of the file", () => {
    const file = waveFile({ rate: 16_000, channels: 1, frames: 8000 });
    file.writeUInt32LE(0xffffffff, file.indexOf("data") + 4);
    expect(readAudioHeader(file)).toEqual({ format: "wav", samples: 8000, seconds: 0.5 });
  });

  test("of FLAC", () => {
    expect(readAudioHeader(FLAC)).toEqual({ format: "flac", samples: 1, seconds: 1 / 44_100 });
    const longer = Buffer.from(FLAC);
    longer.writeUInt8(0xf1, 21); // 36 bits: 2^32 more
    expect(readAudioHeader(longer)?.samples).toBe(2 ** 32 + 1);
  });

  test.each([
    ["a WAV without data", waveFile({ rate: 8000, channels: 1, frames: 9 }).subarray(0, 40), "wav"],
    ["data before its format", Buffer.from("RIFF....WAVEdata\x04\0\0\0abcd", "latin1"), "wav"],
    ["a FLAC cut short", FLAC.subarray(0, 20), "flac"],
    ["Ogg", Buffer.from("OggS\0\x02"), "ogg"],
    ["MP3 with a tag", Buffer.from("ID3\x04"), "mp3"],
    ["MP3 without one", Buffer.from("fffb9064", "hex"), "mp3"],
    ["AAC", Buffer.from("fff15080", "hex"), "aac"],
    ["MP4", Buffer.from("\0\0\0\x20ftypM4A "), "m4a"],
    ["WebM", Buffer.from("1a45dfa3", "hex"), "webm"],
  ])("of %s is unknown", (_name, bytes, format) => {
    expect(readAudioHeader(bytes)).toEqual({ format, samples: null, seconds: null });
  });

  test.each([[""], ["hello"], ["RIFF....AVI "], ["\xff\x00"]])("%j is no audio", (text) => {
    expect(readAudioHeader(Buffer.from(text, "latin1"))).toBeNull();
  });
});

test("no bytes make it throw", () => {
  const starts = ["RIFF....WAVEfmt ", "RIFF....WAVEdata", "fLaC", ""].map((text) => Buffer.from(text, "latin1"));
  fc.assert(
    fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 64 }), (start, rest) => {
      const header = readAudioHeader(Buffer.concat([start, rest]));
      expect(header?.seconds ?? 0).toBeGreaterThanOrEqual(0);
    }),
  );
});
