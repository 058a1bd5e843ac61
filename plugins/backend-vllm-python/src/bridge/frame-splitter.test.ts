import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { encodeFrame } from "./encode-frame.js";
import { FrameSplitter, MAX_FRAME_BYTES } from "./frame-splitter.js";

function split(chunks: readonly Buffer[]): readonly Buffer[] {
  const found: Buffer[] = [];
  const splitter = new FrameSplitter((payload) => found.push(Buffer.from(payload)));
  for (const chunk of chunks) splitter.push(chunk);
  return found;
}

function framed(payload: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(payload.length);
  return Buffer.concat([length, payload]);
}

describe("FrameSplitter", () => {
  test("gives the same frames wherever the stream is cut", () => {
    const payloads = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(payloads, fc.array(fc.nat(30), { maxLength: 40 }), (given, sizes) => {
        const bytes = Buffer.concat(given.map(framed));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        chunks.push(bytes.subarray(at));
        expect(split(chunks)).toEqual(given.map((payload) => Buffer.from(payload)));
      }),
    );
  });

  test.each([0, MAX_FRAME_BYTES + 1, 0xffff_ffff])("refuses a length of %d", (size) => {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(size);
    expect(() => split([head])).toThrow(RangeError);
  });

  test("reads what encodeFrame writes", () => {
    const [payload] = split([encodeFrame("ping", { id: 1 })]);
    expect(payload?.toString("hex")).toBe("92a470696e6781a2696401");
  });
});
