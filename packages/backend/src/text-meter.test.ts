import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { TextMeter } from "./text-meter.js";
import { measureText } from "./usage-metrics.js";

describe("TextMeter", () => {
  test("counts a text in any pieces, in strings and in bytes, as one", () => {
    const unit = fc.oneof(
      fc.constantFrom("a", " ", "\n", "\u001c", "\u00a0", "\u2003", "\u{1f600}"),
      fc.string({ unit: "binary" }),
    );
    const cuts = fc.array(fc.nat(60), { maxLength: 8 });
    fc.assert(
      fc.property(fc.string({ unit }), cuts, fc.boolean(), (text, positions, inBytes) => {
        const meter = new TextMeter();
        const ends = [...positions.filter((at) => at < text.length).sort((one, other) => one - other), text.length];
        for (const [index, end] of ends.entries()) {
          const piece = text.slice(index === 0 ? 0 : ends[index - 1], end);
          const bytes = Buffer.from(`<${piece}>`);
          if (inBytes && bytes.length === piece.length + 2) meter.addAscii(bytes, 1, bytes.length - 1);
          else meter.add(piece);
        }
        expect({ text_words: meter.words, text_characters: meter.characters }).toEqual(measureText(text));
      }),
    );
  });

  test("a surrogate pair that is cut by bytes between is none", () => {
    const meter = new TextMeter();
    meter.add("\ud83d");
    meter.addAscii(Buffer.from("x"), 0, 1);
    meter.add("\ude00");
    expect([meter.characters, meter.words]).toEqual([3, 1]);
  });
});
