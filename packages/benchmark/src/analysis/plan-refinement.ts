import type { KneeAssessment } from "./assess-knee.js";

/** Levels that are measured in a second pass around the knee. */
export interface RefinementPlan {
  readonly status: "planned" | "skipped";
  readonly reason: string | null;
  /** Levels to measure, ascending. */
  readonly concurrencies: readonly number[];
  readonly selection_center: number | null;
  readonly anchor: number | null;
  readonly step: number | null;
  readonly candidate_concurrencies: readonly number[];
  /** Candidates that were measured already. */
  readonly excluded_concurrencies: readonly number[];
}

/** A pass that does not take place. */
export function skippedRefinement(reason: string): RefinementPlan {
  return {
    status: "skipped",
    reason,
    concurrencies: [],
    selection_center: null,
    anchor: null,
    step: null,
    candidate_concurrencies: [],
    excluded_concurrencies: [],
  };
}

/** An even grid around the place that the first pass points to (rules of GuideLLM 0.8.1). */
export function planRefinement(
  assessment: KneeAssessment,
  measured: readonly number[],
  grid: { readonly pointsEachSide: number; readonly maxStep: number },
): RefinementPlan {
  const { status, selection_center: knee, selection_lower: lower, selection_upper: upper } = assessment;
  const center = knee ?? middle(lower, upper);
  if (center === null) return skippedRefinement(`there is nothing to look closer at (${status})`);
  const { step, anchor } = chooseGrid(center, grid);
  const offsets = Array.from({ length: 2 * grid.pointsEachSide + 1 }, (_, at) => at - grid.pointsEachSide);
  const candidates = offsets.map((offset) => anchor + offset * step).filter((level) => level > 0);
  const concurrencies = candidates.filter((level) => !measured.includes(level));
  return {
    status: concurrencies.length === 0 ? "skipped" : "planned",
    reason: concurrencies.length === 0 ? "all candidates were measured already" : null,
    concurrencies,
    selection_center: center,
    anchor,
    step,
    candidate_concurrencies: candidates,
    excluded_concurrencies: candidates.filter((level) => measured.includes(level)),
  };
}

/** The widest step that keeps the lowest point above 0. */
function chooseGrid(center: number, grid: { readonly pointsEachSide: number; readonly maxStep: number }) {
  for (let step = grid.maxStep; step > 1; step -= 1) {
    const anchor = anchorOf(center, step);
    if (anchor - grid.pointsEachSide * step > 0) return { step, anchor };
  }
  return { step: 1, anchor: anchorOf(center, 1) };
}

function anchorOf(center: number, step: number): number {
  return Math.max(step, Math.floor(center / step + 0.5) * step);
}

function middle(lower: number | null, upper: number | null): number | null {
  return lower === null || upper === null ? (lower ?? upper) : (lower + upper) / 2;
}
