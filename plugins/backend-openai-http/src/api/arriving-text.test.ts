import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type ArrivingText, arrivingText, KeptText } from "./arriving-text.js";

const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);

interface Piece {
  readonly text: string;
  readonly inBytes: boolean;
  readonly look: boolean;
}

const pieces = fc.array(
  fc.record({ text: fc.string({ unit: "grapheme", maxLength: 300 }), inBytes: fc.boolean(), look: fc.boolean() }),
  { maxLength: 30 },
);

function add(arriving: ArrivingText, { text, inBytes }: Piece): void {
  const bytes = Buffer.from(`<${text}>`);
  if (inBytes) arriving.addSpan({ bytes, start: 1, end: bytes.length - 1, isAscii: isAscii(bytes) });
  else arriving.add(text);
}

describe("text that is kept", () => {
  test("pieces in bytes and in strings give the joined text", () => {
    fc.assert(
      fc.property(pieces, (given) => {
        const arriving = arrivingText(true);
        let expected = "";
        for (const piece of given) {
          add(arriving, piece);
          expected += piece.text;
          if (piece.look) expect(arriving.text).toBe(expected);
        }
        expect(arriving.text).toBe(expected);
      }),
    );
  });

  test("bytes that are no character are replaced piece by piece", () => {
    const arriving = arrivingText(true);
    const [first = 0, second = 0] = Buffer.from("é");
    for (const byte of [first, second]) {
      arriving.addSpan({ bytes: Uint8Array.of(byte), start: 0, end: 1, isAscii: false });
    }
    expect(arriving.text).toBe("\ufffd\ufffd");
  });

  test("has a limit", () => {
    const arriving = new KeptText(3);
    arriving.add("ab");
    expect(() => arriving.addSpan({ bytes: Buffer.from("cd"), start: 0, end: 2, isAscii: true })).toThrow(RangeError);
  });
});

test("text that is counted alone says the same of itself, without the text", () => {
  fc.assert(
    fc.property(pieces, (given) => {
      const [kept, counted] = [arrivingText(true), arrivingText(false)];
      for (const piece of given) {
        add(kept, piece);
        add(counted, piece);
        const { isEmpty, isBlank } = kept;
        expect({ isEmpty: counted.isEmpty, isBlank: counted.isBlank }).toEqual({ isEmpty, isBlank });
      }
      expect(counted.measure()).toEqual(kept.measure());
      expect(counted.text).toBeNull();
    }),
  );
});
