import { describe, expect, test } from "@jest/globals";
import { imageSize } from "image-size";
import { DataPipeline, dataSources } from "../src/index.js";
import { SyntheticImageSource } from "../src/synthetic/synthetic-image.js";
import type { SyntheticImageArgs } from "../src/synthetic/synthetic-image-schema.js";
import { planOf } from "./support/data-plan.js";
import { firstRequest } from "./support/first-request.js";
import { pixelsOf } from "./support/pictures.js";

const KIND = { kind: "synthetic_image", width: 32, height: 24 };

function sourceOf(given: object = {}, seed = 1): SyntheticImageSource {
  return new SyntheticImageSource(dataSources.parseArgs({ ...KIND, ...given }) as SyntheticImageArgs, seed, 0);
}

interface Image {
  readonly image: string;
  readonly image_bytes: number;
}

function imagesOf(source: SyntheticImageSource, index: number, epoch = 0): readonly string[] {
  return (source.row(index, epoch)["image"] as readonly Image[]).map(({ image }) => image);
}

describe("generated images", () => {
  test.each(["gradient", "noise", "solid", "checkerboard"])(
    "of %s are images of the size, in both encodings",
    (content) => {
      for (const [format, suffix] of [
        ["jpeg", "jpg"],
        ["png", "png"],
      ] as const) {
        const [given] = sourceOf({ content, format }).row(0, 0)["image"] as readonly Image[];
        const bytes = Buffer.from(given?.image.split(",")[1] ?? "", "base64");
        expect(imageSize(bytes)).toMatchObject({ width: 32, height: 24, type: suffix });
        expect(given).toEqual({
          type: "image_base64",
          image: `data:image/${format};base64,${bytes.toString("base64")}`,
          image_pixels: 32 * 24,
          image_bytes: bytes.length,
        });
      }
    },
  );

  test("show what they are told to", () => {
    const colors = (content: string) => {
      const { data } = pixelsOf(imagesOf(sourceOf({ content, format: "png" }), 3)[0] ?? "");
      return new Set(Array.from({ length: 32 * 24 }, (_, at) => [...data.subarray(at * 4, at * 4 + 4)].join()));
    };
    expect(colors("solid").size).toBe(1);
    expect(colors("checkerboard").size).toBe(2);
    expect(colors("noise").size).toBeGreaterThan(700);
    expect(colors("gradient").size).toBeGreaterThan(20);
    for (const color of colors("gradient")) expect(color).toMatch(/,255$/);
  });

  test("depend on their seed, the epoch and their number alone", () => {
    const [image] = imagesOf(sourceOf({}, 1), 5, 2);
    expect(imagesOf(sourceOf({}, 99), 5, 2)).toEqual([image]);
    expect(imagesOf(sourceOf({ seed: 43 }), 5, 2)).not.toEqual([image]);
    expect(imagesOf(sourceOf(), 5, 3)).not.toEqual([image]);
    expect(imagesOf(sourceOf({ images_per_request: 5 }), 1, 2)[0]).toBe(image);
  });

  test("are as good as they are told to", () => {
    const bytes = (jpeg_quality: number) => imagesOf(sourceOf({ jpeg_quality }), 0)[0]?.length ?? 0;
    expect(bytes(10)).toBeLessThan(bytes(95));
  });

  test("several of a request are in one turn, beside a generated text and lengths", async () => {
    const text = { kind: "synthetic_text", prompt_tokens: 8 };
    const images = { ...KIND, images_per_request: 3, output_tokens: 20, output_tokens_stdev: 5 };
    const plan = planOf([text, images]);
    const { columns, inputMetrics, outputMetrics } = await firstRequest(plan);
    expect(columns["image_column"]).toHaveLength(3);
    expect(columns["text_column"]).toHaveLength(1);
    expect(inputMetrics).toMatchObject({ image_count: 3, image_pixels: 3 * 32 * 24, text_tokens: 8 });
    expect(outputMetrics.text_tokens).toBeGreaterThan(0);
    const lengths = new Set<number | null>();
    for (const { graph } of (await DataPipeline.create(plan)).open(0)) {
      lengths.add(graph.nodes[0]?.request.outputMetrics.text_tokens ?? null);
      if (lengths.size > 3) break;
    }
    expect(Math.max(...[...lengths].map(Number))).toBeLessThanOrEqual(45);
  });

  test.each([
    [{ width: null }, "needs width and height"],
    [{ resolution: "8k" }, "resolution must be one of"],
    [{ format: "webp" }, "format: must be one of jpeg, png"],
    [{ jpeg_quality: 0 }, "jpeg_quality: must be >= 1"],
    [{ images_per_request: 0 }, "images_per_request: must be >= 1"],
    [{ prompt_tokens: 5 }, "prompt_tokens: unknown key"],
    [{ output_tokens_stdev: 5 }, "output_tokens_stdev needs output_tokens"],
  ])("%j is refused", (given, message) => {
    expect(() => dataSources.parseArgs({ ...KIND, ...given })).toThrow(message);
  });
});
