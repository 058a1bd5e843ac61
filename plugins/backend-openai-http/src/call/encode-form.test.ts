import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { encodeForm, FORM_CONTENT_TYPE } from "./encode-form.js";

const wav = { field: "file", fileName: "a.wav", mimeType: "audio/wav", bytes: Buffer.from("RIFF") };

/** The form as Node's own parser reads it. */
async function parsed(bytes: Buffer): Promise<(readonly [string, unknown])[]> {
  const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": FORM_CONTENT_TYPE } }).formData();
  const entries: (readonly [string, unknown])[] = [];
  for (const [name, value] of form.entries()) {
    if (typeof value === "string") entries.push([name, value]);
    else entries.push([name, [value.name, value.type, Buffer.from(await value.arrayBuffer()).toString("base64")]]);
  }
  return entries;
}

describe("a form", () => {
  test("has these bytes", () => {
    const fields = {
      model: "whisper",
      stream: true,
      temperature: 0.5,
      "timestamp_granularities[]": ["word", "segment"],
    };
    expect(encodeForm(fields, [wav]).toString("latin1")).toBe(
      [
        "--goodput-form-5f0c1d7be93a4286",
        'Content-Disposition: form-data; name="model"',
        "",
        "whisper",
        "--goodput-form-5f0c1d7be93a4286",
        'Content-Disposition: form-data; name="stream"',
        "",
        "true",
        "--goodput-form-5f0c1d7be93a4286",
        'Content-Disposition: form-data; name="temperature"',
        "",
        "0.5",
        "--goodput-form-5f0c1d7be93a4286",
        'Content-Disposition: form-data; name="timestamp_granularities[]"',
        "",
        "word",
        "--goodput-form-5f0c1d7be93a4286",
        'Content-Disposition: form-data; name="timestamp_granularities[]"',
        "",
        "segment",
        "--goodput-form-5f0c1d7be93a4286",
        'Content-Disposition: form-data; name="file"; filename="a.wav"',
        "Content-Type: audio/wav",
        "",
        "RIFF",
        "--goodput-form-5f0c1d7be93a4286--",
        "",
      ].join("\r\n"),
    );
  });

  test("Node's own parser reads what was written", async () => {
    const name = fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => !/[\r\n"%]/.test(text));
    const value = fc.oneof(fc.string({ unit: "grapheme" }), fc.integer(), fc.boolean());
    const file = fc.record({
      field: name,
      fileName: name,
      mimeType: fc.constant("audio/flac"),
      bytes: fc.uint8Array(),
    });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value), fc.array(file, { maxLength: 2 }), async (fields, files) => {
        expect(await parsed(encodeForm(fields, files))).toEqual([
          ...Object.entries(fields).map(([field, given]) => [field, String(given)]),
          ...files.map(({ field, fileName, mimeType, bytes }) => [
            field,
            [fileName, mimeType, Buffer.from(bytes).toString("base64")],
          ]),
        ]);
      }),
      { numRuns: 200 },
    );
  });

  test("a name cannot leave its line", () => {
    const text = encodeForm({}, [{ ...wav, fileName: 'a"\r\nX: y', mimeType: "audio/wav\r\nX: y" }]).toString("latin1");
    expect(text).toContain('filename="a%22%0D%0AX: y"\r\nContent-Type: audio/wavX: y\r\n\r\nRIFF');
  });

  test.each([
    ["a mapping", { chunking: { type: "auto" } }, 'The field "chunking" cannot be sent in a form'],
    ["a list within a list", { a: [["b"]] }, 'The field "a" cannot be sent in a form'],
    ["the boundary", { a: "goodput-form-5f0c1d7be93a4286" }, "its content holds the boundary"],
  ])("%s is refused", (_name, fields, message) => {
    expect(() => encodeForm(fields, [])).toThrow(
      expect.objectContaining({ code: "CORE_BACKEND_UNUSABLE_REQUEST", message: expect.stringContaining(message) }),
    );
  });
});
