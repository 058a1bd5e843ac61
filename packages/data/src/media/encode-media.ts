import { isEmptyCell } from "../finalizer/read-cells.js";
import type { MappedTurn } from "../mapper/column-mapper.js";
import type { DataPreprocessor } from "../pipeline-registries.js";
import { encodeAudio } from "./encode-audio.js";
import { encodeImage } from "./encode-image.js";
import { encodeVideo } from "./encode-video.js";
import { type EncodeMediaOptions, readMediaOptions } from "./media-options.js";

/** Makes what requests carry of the media of each turn. A cell may be a list of them. */
export async function createMediaEncoder(options: EncodeMediaOptions): Promise<DataPreprocessor> {
  const { fileName, imageType, limits, videoType } = readMediaOptions(options);
  // decoders that most runs do not need
  const resize = limits === null ? null : (await import("./resize-image.js")).createResizer(limits);
  const encoders: Readonly<Record<string, (cell: unknown) => unknown>> = {
    audio_column: (cell) => encodeAudio(cell, fileName),
    image_column: (cell) => encodeImage(cell, imageType, resize),
    video_column: (cell) => encodeVideo(cell, videoType),
  };
  const columns = Object.keys(encoders);
  const hasMedia = (turn: MappedTurn): boolean => columns.some((column) => turn[column] !== undefined);
  return (turns) => turns.map((turn) => (hasMedia(turn) ? encodeTurn(turn, encoders) : turn));
}

function encodeTurn(turn: MappedTurn, encoders: Readonly<Record<string, (cell: unknown) => unknown>>): MappedTurn {
  const encoded: Record<string, readonly unknown[]> = { ...turn };
  for (const [column, encode] of Object.entries(encoders)) {
    if (turn[column] === undefined) continue;
    const cells = (turn[column] ?? []).flat().filter((cell) => !isEmptyCell(cell));
    if (cells.length > 0) encoded[column] = cells.map(encode);
    else delete encoded[column];
  }
  return encoded;
}
