import type { StatusDistributionSummary } from "./distribution-summary.js";
import { membersByGroup } from "./group-members.js";
import { summarizeGroupRates } from "./group-rates.js";
import type { TimedWeights } from "./merge-times.js";
import { type CompileContext, countGroups } from "./metric-compiler.js";
import { emptySummary } from "./summarize-sample.js";
import { collectTokenEvents, concatEvents, inOrderOfTime, mergeEvents } from "./token-events.js";

/** Compiles rates and concurrency over the measurement window. */
export function compileFlow(context: CompileContext) {
  const { columns, members, flow, window, conventions } = context;
  const tokens = collectTokenEvents(columns, members.overlapping, window);
  const prompt = tokens.prompt.map(inOrderOfTime);
  const output = tokens.output.map(inOrderOfTime);
  const both = prompt.map((events, group) => mergeEvents(events, output[group] ?? concatEvents([])));
  return {
    requests_per_second: flow.rate(null, conventions),
    request_concurrency: flow.concurrency(null, conventions),
    prompt_tokens_per_second: tokenRate(context, prompt, columns.values.prompt_tokens),
    output_tokens_per_second: tokenRate(context, output, columns.values.output_tokens),
    tokens_per_second: tokenRate(context, both, columns.values.total_tokens),
  };
}

/**
 * Rate of tokens. Where requests were served and none of them has a count, there is no such token (a vector has no
 * output) or nobody said: no statistic, in place of a rate of 0.
 */
function tokenRate(
  { columns, members, window, conventions }: CompileContext,
  events: readonly TimedWeights[],
  counts: Float64Array,
): StatusDistributionSummary {
  const [served] = membersByGroup(columns, members.all);
  const isKnown = served.length === 0 || served.some((at) => !Number.isNaN(counts[at] ?? Number.NaN));
  if (isKnown || conventions === "guidellm") return summarizeGroupRates(events, window, conventions);
  const { successful, errored, incomplete, total } = countGroups(columns, members.all);
  return {
    successful: emptySummary(conventions, 0, successful),
    errored: emptySummary(conventions, 0, errored),
    incomplete: emptySummary(conventions, 0, incomplete),
    total: emptySummary(conventions, 0, total),
  };
}
