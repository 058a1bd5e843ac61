import type { ResolvedSpec } from "../spec/resolved-spec.js";

/** What makes a profile unable to answer its question with the rest of the configuration: one line for each problem. */
export function profileProblems({ profile, metrics }: Pick<ResolvedSpec, "profile" | "metrics">): readonly string[] {
  if (profile.kind !== "goodput" || metrics.slo !== null) return [];
  return [
    "metrics.slo: the profile goodput searches for the load that meets objectives, and none is given",
    "  Give --metrics kind=generative,slo.ttft_ms=200 (also tpot_ms, e2el_ms).",
  ];
}
