import type { ResolvedSpec } from "../spec/resolved-spec.js";

/** What makes a profile unable to answer its question with the rest of the configuration: one line for each problem. */
export function profileProblems({
  profile,
  metrics,
  objectives,
}: Pick<ResolvedSpec, "profile" | "metrics" | "objectives">): readonly string[] {
  if (metrics.slo !== null) return [];
  if (profile.kind === "goodput") {
    return [
      "metrics.slo: the profile goodput searches for the load that meets objectives, and none is given",
      "  Give --metrics kind=generative,slo.ttft_ms=200 (also tpot_ms, e2el_ms).",
    ];
  }
  if (profile.kind !== "search" || objectives.length > 0) return [];
  return [
    "objectives: the profile search looks for the highest load that meets objectives, and none is given",
    "  Give --objective 'ttft.p99<=200ms' or --metrics kind=generative,slo.ttft_ms=200.",
  ];
}
