import { zeroFilled } from "./column-arithmetic.js";
import type { DistributionSummary, MetricConventions, StatusDistributionSummary } from "./distribution-summary.js";
import { membersByGroup, membersWithValue } from "./group-members.js";
import { pick } from "./pick.js";
import type { RequestColumns } from "./request-columns.js";
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
  const parts = membersByGroup(input.columns, input.members).map((own) => gather(input, own));
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

function gather({ values, weights, ...input }: GroupValuesInput, own: Uint32Array): GroupPart {
  const known = membersWithValue(values, own);
  const undefinedCount = own.length - known.length;
  if (undefinedCount > 0 && input.conventions === "guidellm" && input.zeroInGuidellm) {
    const filled = zeroFilled(pick(values, own));
    return { sample: sortSample(filled, weights === null ? null : pick(weights, own)), undefinedCount };
  }
  const sample = sortSample(pick(values, known), weights === null ? null : pick(weights, known));
  return { sample, undefinedCount };
}
