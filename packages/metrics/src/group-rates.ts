import type { DistributionSummary, MetricConventions, StatusDistributionSummary } from "./distribution-summary.js";
import type { TimedWeights } from "./merge-times.js";
import { summarizeRate, type TimeWindow } from "./summarize-rate.js";
import { concatEvents } from "./token-events.js";

/** Rate of each group's events, and of all of them. */
export function summarizeGroupRates(
  events: readonly TimedWeights[],
  window: TimeWindow,
  conventions: MetricConventions,
): StatusDistributionSummary {
  const filled = events.map(({ times }) => times.length > 0);
  return summarizeByGroup(filled, {
    one: (group) => summarizeRate(events[group] ?? concatEvents([]), window, conventions),
    all: () => summarizeRate(concatEvents(events), window, conventions),
  });
}

/**
 * Summaries of the groups, in the order of `GROUPS`, and of all. Perf: a run without errors has one group that is
 * `filled`, whose summary is that of the total.
 */
export function summarizeByGroup(
  filled: readonly boolean[],
  { one, all }: { readonly one: (group: number) => DistributionSummary; readonly all: () => DistributionSummary },
): StatusDistributionSummary {
  const summaries = [one(0), one(1), one(2)] as const;
  const only = filled.filter(Boolean).length === 1 ? summaries[filled.indexOf(true)] : undefined;
  const [successful, errored, incomplete] = summaries;
  return { successful, errored, incomplete, total: only ?? all() };
}
