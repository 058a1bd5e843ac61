import type { UsageMetrics } from "@core/backend";
import { isMapping } from "@core/registry";
import type { MappedTurn } from "../mapper/column-mapper.js";

const MEASURES = {
  image_column: ["image_pixels", "image_bytes"],
  video_column: ["video_frames", "video_seconds", "video_bytes"],
  audio_column: ["audio_samples", "audio_seconds", "audio_bytes"],
} as const;
const COLUMNS = Object.keys(MEASURES) as (keyof typeof MEASURES)[];

type Measure = (typeof MEASURES)[keyof typeof MEASURES][number];

/** Sums over the encoded media of a request, of what there is; null where one item does not say. */
export function measureMedia(columns: MappedTurn): Partial<Pick<UsageMetrics, Measure | "image_count">> {
  const measured: Partial<Record<Measure | "image_count", number | null>> = {};
  for (const column of COLUMNS) {
    const items = columns[column] ?? [];
    if (items.length === 0) continue;
    for (const name of MEASURES[column])
      measured[name] = sum(items.map((item) => (isMapping(item) ? item[name] : null)));
  }
  const images = columns["image_column"]?.length ?? 0;
  return images === 0 ? measured : { ...measured, image_count: images };
}

function sum(values: readonly unknown[]): number | null {
  const known = values.filter((value) => typeof value === "number");
  return known.length < values.length ? null : known.reduce((total, value) => total + value, 0);
}
