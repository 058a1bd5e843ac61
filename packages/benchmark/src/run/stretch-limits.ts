import type { KindArgs, ResolvedSpec } from "../spec/resolved-spec.js";

/** Field of each constraint that says how long a benchmark lasts. */
const LENGTHS: Readonly<Record<string, string>> = {
  max_duration: "seconds",
  max_requests: "count",
  min_requests: "count",
};

/** The spec with its limits of duration and requests `factor` times as large. */
export function stretchLimits(spec: ResolvedSpec, factor: number): ResolvedSpec {
  if (factor === 1) return spec;
  return { ...spec, constraints: spec.constraints.map((constraint) => stretch(constraint, factor)) };
}

function stretch(constraint: KindArgs, factor: number): KindArgs {
  const field = LENGTHS[constraint.kind];
  if (field === undefined) return constraint;
  const values = (constraint as unknown as Readonly<Record<string, readonly number[]>>)[field] ?? [];
  return { ...constraint, [field]: values.map((value) => value * factor) };
}
