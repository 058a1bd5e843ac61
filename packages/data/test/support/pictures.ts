import jpeg from "jpeg-js";
import { PNG } from "pngjs";

/** A PNG whose every pixel has the color. */
export function pngFile(width: number, height: number, color: readonly [number, number, number, number]): Buffer {
  const png = new PNG({ width, height });
  for (let at = 0; at < png.data.length; at += 4) png.data.set(color, at);
  return PNG.sync.write(png);
}

/** A JPEG whose every pixel has the color. */
export function jpegFile(width: number, height: number, color: readonly [number, number, number]): Buffer {
  const data = Buffer.alloc(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set([...color, 255], at);
  return jpeg.encode({ data, width, height }, 90).data;
}

/** Size and pixels of an image in a data URL. */
export function pixelsOf(dataUrl: string): { width: number; height: number; data: Uint8Array } {
  const bytes = Buffer.from(dataUrl.slice(dataUrl.indexOf(",") + 1), "base64");
  return dataUrl.startsWith("data:image/png") ? PNG.sync.read(bytes) : jpeg.decode(bytes, { useTArray: true });
}
