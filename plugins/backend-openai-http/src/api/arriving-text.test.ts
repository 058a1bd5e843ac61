import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { KeptText } from "./arriving-text.js";

const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);

test("pieces in bytes and in strings give the joined text", () => {
  const pieces = fc.array(
    fc.record({ text: fc.string({ unit: "grapheme", maxLength: 300 }), inBytes: fc.boolean(), look: fc.boolean() }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(pieces, (given) => {
      const arriving = new KeptText();
      let expected = "";
      for (const { text, inBytes, look } of given) {
        const bytes = Buffer.from(`<${text}>`);
        if (inBytes) arriving.addSpan({ bytes, start: 1, end: bytes.length - 1, isAscii: isAscii(bytes) });
        else arriving.add(text);
        expected += text;
        if (look) expect(arriving.text).toBe(expected);
      }
      expect(arriving.text).toBe(expected);
    }),
  );
});

test("bytes that are no character are replaced piece by piece", () => {
  const arriving = new KeptText();
  const [first = 0, second = 0] = Buffer.from("é");
  for (const byte of [first, second]) {
    arriving.addSpan({ bytes: Uint8Array.of(byte), start: 0, end: 1, isAscii: false });
  }
  expect(arriving.text).toBe("\ufffd\ufffd");
});
