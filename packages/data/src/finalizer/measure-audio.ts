import type { UsageMetrics } from "@core/backend";
import { isMapping } from "@core/registry";

/** Sums over the encoded audio of a request; null where there is none, and where one item does not say. */
export function measureAudio(
  items: readonly unknown[],
): Pick<UsageMetrics, "audio_samples" | "audio_seconds" | "audio_bytes"> {
  const sum = (name: string): number | null => {
    const values = items.map((item) => (isMapping(item) ? item[name] : null));
    const known = values.filter((value) => typeof value === "number");
    return known.length === 0 || known.length < values.length ? null : known.reduce((total, value) => total + value, 0);
  };
  return {
    audio_samples: sum("audio_samples"),
    audio_seconds: sum("audio_seconds"),
    audio_bytes: sum("audio_bytes"),
  };
}
