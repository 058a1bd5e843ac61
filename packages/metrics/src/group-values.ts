import type { DistributionSummary, MetricConventions, StatusDistributionSummary } from "./distribution-summary.js";
import { GROUPS, type RequestColumns } from "./request-columns.js";
import { mergeSamples, type Sample, sortSample } from "./sample.js";
import { type SummarizeOptions, summarizeSample } from "./summarize-sample.js";

/** What {@link summarizeGroups} summarises. */
export interface GroupValuesInput {
  readonly columns: RequestColumns;
  /** Positions in the columns. */
  readonly members: Uint32Array;
  /** Value by position; `NaN` is undefined. */
  readonly values: Float64Array;
  /** Weight by position; null is 1 for each. */
  readonly weights: Float64Array | null;
  readonly conventions: MetricConventions;
  /** Null: no confidence intervals. */
  readonly confidence: number | null;
  /** Whether GuideLLM counts an undefined value as 0; it matters only under its conventions. */
  readonly zeroInGuidellm: boolean;
}

/** Summarises one value per request for each group and for all together. */
export function summarizeGroups(input: GroupValuesInput): StatusDistributionSummary {
  const parts = GROUPS.map((_, group) => gather(input, group));
  const summarize = (sample: Sample, undefinedCount: number): DistributionSummary => {
    const options: SummarizeOptions = {
      conventions: input.conventions,
      confidence: input.confidence,
      undefinedCount,
    };
    return summarizeSample(sample, options);
  };
  const summaries = parts.map((part) => summarize(part.sample, part.undefinedCount));
  const filled = parts.filter((part) => part.sample.values.length > 0);
  const undefinedCount = parts.reduce((sum, part) => sum + part.undefinedCount, 0);
  // Perf: a run without errors has one group, whose statistics are those of the total.
  const only = filled.length === 1 && filled[0] !== undefined ? summaries[parts.indexOf(filled[0])] : undefined;
  const total =
    only === undefined
      ? summarize(parts.map((part) => part.sample).reduce(mergeSamples), undefinedCount)
      : { ...only, undefined_count: undefinedCount };
  const [successful, errored, incomplete] = summaries as [
    DistributionSummary,
    DistributionSummary,
    DistributionSummary,
  ];
  return { successful, errored, incomplete, total };
}

interface GroupPart {
  readonly sample: Sample;
  readonly undefinedCount: number;
}

function gather(input: GroupValuesInput, group: number): GroupPart {
  const { columns, members, weights } = input;
  const fillZero = input.conventions === "guidellm" && input.zeroInGuidellm;
  const values = new Float64Array(members.length);
  const kept = weights === null ? null : new Float64Array(members.length);
  let count = 0;
  let undefinedCount = 0;
  for (const at of members) {
    if (columns.group[at] !== group) continue;
    const value = input.values[at] ?? Number.NaN;
    if (Number.isNaN(value)) undefinedCount += 1;
    if (Number.isNaN(value) && !fillZero) continue;
    values[count] = Number.isNaN(value) ? 0 : value;
    if (kept !== null) kept[count] = weights?.[at] ?? 0;
    count += 1;
  }
  const sample = sortSample(values.subarray(0, count), kept === null ? null : kept.subarray(0, count));
  return { sample, undefinedCount };
}
