/** What the over-saturation detector said about one level. */
export interface SaturationPoint {
  readonly concurrency: number;
  /** Null when it did not watch, or did not say. */
  readonly is_over_saturated: boolean | null;
  /** Its figures, as far as they are finite numbers. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Between which levels the server becomes over-saturated. */
export interface SaturationBoundary {
  readonly status: "unavailable" | "not_detected" | "inconsistent" | "detected";
  readonly first_oversaturated_concurrency: number | null;
  /** Highest level below it that is not. */
  readonly previous_safe_concurrency: number | null;
  /** Ascending. */
  readonly points: readonly SaturationPoint[];
}

const FIGURES = [
  "concurrent_slope",
  "concurrent_slope_moe",
  "concurrent_n",
  "ttft_slope",
  "ttft_slope_moe",
  "ttft_n",
  "ttft_violations",
];

/** Reads the detector's metadata; what it does not say is left out, never an error that loses the run. */
export function readSaturation(
  concurrency: number,
  metadata: Readonly<Record<string, unknown>> | null,
): SaturationPoint {
  const verdict = metadata?.["is_over_saturated"];
  const figures = FIGURES.flatMap((name) => {
    const value = metadata?.[name];
    return typeof value === "number" && Number.isFinite(value) ? [[name, value] as const] : [];
  });
  return {
    concurrency,
    is_over_saturated: typeof verdict === "boolean" ? verdict : null,
    figures: Object.fromEntries(figures),
  };
}

/** Finds the boundary; of several points of one level an over-saturated one counts. */
export function findSaturationBoundary(given: readonly SaturationPoint[]): SaturationBoundary {
  const points = [...given].sort((left, right) => left.concurrency - right.concurrency);
  const judged = points.filter(({ is_over_saturated }) => is_over_saturated !== null);
  const saturated = judged.filter(({ is_over_saturated }) => is_over_saturated === true);
  const first = saturated[0]?.concurrency ?? null;
  const nothing = { first_oversaturated_concurrency: null, previous_safe_concurrency: null, points };
  if (judged.length === 0) return { status: "unavailable", ...nothing };
  if (first === null) return { status: "not_detected", ...nothing };
  const levels = new Set(saturated.map(({ concurrency }) => concurrency));
  const safe = judged.map(({ concurrency }) => concurrency).filter((concurrency) => !levels.has(concurrency));
  const below = safe.filter((concurrency) => concurrency < first);
  return {
    status: safe.some((concurrency) => concurrency > first) ? "inconsistent" : "detected",
    first_oversaturated_concurrency: first,
    previous_safe_concurrency: below.length === 0 ? null : Math.max(...below),
    points,
  };
}
