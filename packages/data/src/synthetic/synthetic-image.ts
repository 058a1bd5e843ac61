import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import type { EncodedImage } from "../media/encode-image.js";
import { seededRandom } from "../seeded-random.js";
import type { DataRow, DataSource } from "../source/data-source.js";
import { distributionOf } from "./count-fields.js";
import { sampleCount } from "./count-sampler.js";
import { drawPicture } from "./picture-content.js";
import { type PictureSize, pictureSize } from "./picture-size.js";
import type { SyntheticImageArgs } from "./synthetic-image-schema.js";

/**
 * Endless source of generated images: image `k` of row `i` in epoch `e` depends on the seed of the args, `e`, `i` and `k`
 * alone, and no two are the same. A server that keeps what it has seen therefore meets new ones in every benchmark.
 */
export class SyntheticImageSource implements DataSource {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rowCount = null;
  readonly #args: SyntheticImageArgs;
  readonly #size: PictureSize;
  readonly #seed: string;

  /** @param seed - That of the run, which decides the output lengths. */
  constructor(args: SyntheticImageArgs, seed: number, sourceIndex: number) {
    const size = pictureSize(args);
    if (typeof size === "string") throw new RangeError(size);
    this.name = `synthetic_image[${sourceIndex}]`;
    this.columns = args.output_tokens === null ? ["image"] : ["image", "output_tokens_count"];
    this.#args = args;
    this.#size = size;
    this.#seed = `${seed}/${sourceIndex}`;
  }

  row(index: number, epoch: number): DataRow {
    const { images_per_request: count } = this.#args;
    const images = Array.from({ length: count }, (_, at) => this.#image(index * count + at, epoch));
    const output = distributionOf(this.#args, "output_tokens");
    return {
      image: images,
      ...(output === null
        ? {}
        : { output_tokens_count: sampleCount(output, seededRandom(this.#seed, "output", epoch, index)) }),
    };
  }

  #image(number: number, epoch: number): EncodedImage {
    const { content, format, jpeg_quality, seed } = this.#args;
    const { width, height } = this.#size;
    const data = drawPicture(content, this.#size, seededRandom("image", seed, epoch, number));
    const bytes = format === "png" ? toPng(data, this.#size) : jpeg.encode({ data, width, height }, jpeg_quality).data;
    return {
      type: "image_base64",
      image: `data:image/${format};base64,${bytes.toString("base64")}`,
      image_pixels: width * height,
      image_bytes: bytes.length,
    };
  }
}

function toPng(data: Uint8Array, { width, height }: PictureSize): Buffer {
  const png = new PNG({ width, height, colorType: 2 });
  png.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return PNG.sync.write(png, { colorType: 2 });
}
