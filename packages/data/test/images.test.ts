import { describe, expect, test } from "@jest/globals";
import { planOf } from "./support/data-plan.js";
import { firstRequest, jsonLines } from "./support/first-request.js";
import { jpegFile, pixelsOf, pngFile } from "./support/pictures.js";
import { temporaryFolder, writeFile } from "./support/temporary-folder.js";

const png = pngFile(6, 4, [255, 0, 0, 255]);
const jpeg = jpegFile(40, 20, [0, 0, 255]);
const GIF = Buffer.from("GIF89a\x03\0\x02\0\0\0\0;", "latin1");
const urlOf = (type: string, bytes: Buffer) => `data:image/${type};base64,${bytes.toString("base64")}`;
const part = (image: string, image_pixels: number, image_bytes: number) => ({
  ...{ type: "image_base64", image, image_pixels, image_bytes },
});

async function imagesOf(rows: readonly object[], image_kwargs: object = {}): Promise<readonly unknown[]> {
  const { columns } = await firstRequest(planOf([jsonLines(rows)], { media: { image_kwargs } }));
  return columns["image_column"] ?? [];
}

describe("an image", () => {
  const pngPart = part(urlOf("png", png), 24, png.length);

  test.each<[string, unknown, object]>([
    ["a path", writeFile(".png", png), pngPart],
    ["a path whose suffix says otherwise", writeFile(".txt", png), pngPart],
    ["a path of a JPEG", writeFile(".jpeg", jpeg), part(urlOf("jpeg", jpeg), 800, jpeg.length)],
    ["a path of a GIF", writeFile(".gif", GIF), part(urlOf("gif", GIF), 6, GIF.length)],
    ["a data URL", urlOf("png", png), pngPart],
    ["a data URL with parameters", `data:image/png;a=b;base64,${png.toString("base64")}`, { image_pixels: 24 }],
    ["base64", png.toString("base64"), pngPart],
    ["base64 that looks like a path", jpeg.toString("base64"), part(urlOf("jpeg", jpeg), 800, jpeg.length)],
    ["an object with bytes", { bytes: png.toString("base64"), path: null }, pngPart],
    ["an object with a path", { path: writeFile(".png", png) }, pngPart],
    ["an object with a URL", { url: urlOf("png", png) }, pngPart],
    ["an object under its own name", { image: urlOf("png", png) }, pngPart],
    ["encoded already", { type: "image_url", image: "http://h/a" }, { type: "image_url", image: "http://h/a" }],
    [
      "a URL, which the server fetches",
      "https://example.org/a.png",
      { type: "image_url", image: "https://example.org/a.png", image_pixels: null, image_bytes: null },
    ],
  ])("may be %s", async (_name, image, expected) => {
    expect(await imagesOf([{ image }])).toMatchObject([expected]);
  });

  test("may be a path in a CSV file, beside a text", async () => {
    const path = writeFile(".csv", `prompt,picture\nWhat is it?,${writeFile(".png", png)}\n`);
    const { columns, inputMetrics } = await firstRequest(planOf([{ kind: "csv_file", path }]));
    expect(columns).toEqual({ text_column: ["What is it?"], image_column: [pngPart] });
    expect(inputMetrics).toMatchObject({ image_count: 1, image_pixels: 24, image_bytes: png.length, text_words: 3 });
  });

  test("may be one of a list, and there may be several columns", async () => {
    const images = [urlOf("png", png), null, { url: "https://example.org/a.png" }];
    const source = jsonLines([{ images, prompt: "a" }]);
    const { columns, inputMetrics } = await firstRequest(planOf([source]));
    expect(columns["image_column"]).toMatchObject([pngPart, { image: "https://example.org/a.png" }]);
    expect(inputMetrics).toMatchObject({ image_count: 2, image_pixels: null, image_bytes: null });
    const two = await firstRequest(planOf([source, jsonLines([{ picture: urlOf("jpeg", jpeg) }])]));
    expect(two.columns["image_column"]).toHaveLength(3);
  });

  test("an empty list leaves the text alone", async () => {
    const { columns, inputMetrics } = await firstRequest(planOf([jsonLines([{ prompt: "a", images: [] }])]));
    expect(columns).toEqual({ text_column: ["a"] });
    expect(inputMetrics.image_count).toBeNull();
  });

  test.each([
    [`${temporaryFolder}/none.png`, {}, 'the image file ".*none.png" cannot be read: ENOENT'],
    ["data:text/plain;base64,AAAA", {}, "is no data URL of type image"],
    ["data:image/png;base64,AAAA", {}, "is not an image that is known"],
    [5, {}, "image must be a path, encoded bytes or a data URL, got 5"],
    [{ other: 1 }, {}, "image must be a path"],
    ["https://example.org/a.png", { encode_type: "base64" }, "an image at a URL is not fetched .*encode_type=base64"],
    ["https://example.org/a.png", { max_size: 8 }, "an image at a URL is not fetched .*resizing"],
    [urlOf("gif", GIF), { width: 8 }, "an image of type gif cannot be resized"],
    [urlOf("png", png.subarray(0, 60)), { width: 8 }, "the image cannot be decoded"],
  ])("%j with %j makes the row a bad one", async (image, image_kwargs, message) => {
    await expect(imagesOf([{ image }], image_kwargs)).rejects.toMatchObject({
      code: "CORE_DATA_EMPTY",
      message: expect.stringMatching(message),
    });
  });
});

describe("an image that is resized", () => {
  test.each([
    [{ width: 20, height: 20 }, 20, 20],
    [{ width: 20 }, 20, 10],
    [{ height: 40 }, 80, 40],
    [{ max_size: 10 }, 10, 5],
    [{ max_width: 30, max_height: 5 }, 10, 5],
    [{ width: 80, max_height: 10 }, 20, 10],
    [{ max_size: "10" }, 10, 5],
  ])("by %j is a JPEG of %i x %i", async (limits, width, height) => {
    const [image] = (await imagesOf([{ image: urlOf("jpeg", jpeg) }], limits)) as ReturnType<typeof part>[];
    expect(image).toMatchObject({ type: "image_base64", image_pixels: width * height });
    expect(image?.image).toMatch(/^data:image\/jpeg;base64,/);
    const { data, ...size } = pixelsOf(image?.image ?? "");
    expect(size).toMatchObject({ width, height });
    for (const [channel, value] of [0, 0, 255].entries())
      expect(Math.abs((data[channel] ?? 0) - value)).toBeLessThan(6);
  });

  test("shows white where it was transparent", async () => {
    const clear = pngFile(8, 8, [255, 0, 0, 0]);
    const [image] = (await imagesOf([{ image: urlOf("png", clear) }], { width: 4 })) as ReturnType<typeof part>[];
    expect([...pixelsOf(image?.image ?? "").data.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  test("keeps its bytes where it has the size", async () => {
    const kept = part(urlOf("png", png), 24, png.length);
    for (const limits of [{ max_size: 6 }, { width: 6, height: 4 }, { max_width: 100 }]) {
      expect(await imagesOf([{ image: urlOf("png", png) }], limits)).toEqual([kept]);
    }
  });
});
