import type { Knee } from "./find-knee.js";
import type { SaturationBoundary } from "./saturation-boundary.js";

/** What knee and over-saturation boundary say together, and around which level to look closer. */
export interface KneeAssessment {
  readonly status:
    | "disagreement"
    | "throughput_only"
    | "corroborated"
    | "compatible"
    | "oversaturation_boundary"
    | "no_saturation";
  readonly selection_center: number | null;
  readonly selection_lower: number | null;
  readonly selection_upper: number | null;
}

/** Compares the two (rules of GuideLLM 0.8.1). */
export function assessKnee({ knee }: Pick<Knee, "knee">, boundary: SaturationBoundary): KneeAssessment {
  if (boundary.status === "inconsistent") return assessment("disagreement");
  const { first_oversaturated_concurrency: first, previous_safe_concurrency: safe } = boundary;
  if (knee === null) {
    return first === null ? assessment("no_saturation") : assessment("oversaturation_boundary", null, safe, first);
  }
  if (first === null) return assessment("throughput_only", knee);
  if (first < knee) return assessment("disagreement");
  return safe !== null && safe <= knee
    ? assessment("corroborated", knee, safe, first)
    : assessment("compatible", knee, null, first);
}

function assessment(
  status: KneeAssessment["status"],
  center: number | null = null,
  lower: number | null = null,
  upper: number | null = null,
): KneeAssessment {
  return { status, selection_center: center, selection_lower: lower, selection_upper: upper };
}
