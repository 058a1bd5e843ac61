import type { DistributionSummary, MetricConventions, StatusDistributionSummary } from "./distribution-summary.js";
import type { TimedWeights } from "./merge-times.js";
import { GROUPS, type RequestColumns } from "./request-columns.js";
import { summarizeConcurrency, type WeightedIntervals } from "./summarize-concurrency.js";
import { summarizeRate, type TimeWindow } from "./summarize-rate.js";
import { concatEvents } from "./token-events.js";

/** Rate of each group's events, and of all of them. */
export function summarizeGroupRates(
  events: readonly TimedWeights[],
  window: TimeWindow,
  conventions: MetricConventions,
): StatusDistributionSummary {
  const filled = events.map(({ times }) => times.length > 0);
  return byGroup(filled, {
    one: (group) => summarizeRate(events[group] ?? concatEvents([]), window, conventions),
    all: () => summarizeRate(concatEvents(events), window, conventions),
  });
}

/** Events of each group: one per member at `times`, with `weights` (null: 1 each). */
export function groupEvents(
  columns: RequestColumns,
  members: Uint32Array,
  times: Float64Array,
  weights: Float64Array | null,
): TimedWeights[] {
  return GROUPS.map((_, group) => {
    const own = members.filter((at) => columns.group[at] === group);
    return {
      times: pick(times, own),
      weights: weightsOf(weights, own),
    };
  });
}

/** Concurrency of each group's requests, and of all of them; requests without a start are left out. */
export function summarizeGroupConcurrency(
  columns: RequestColumns,
  members: Uint32Array,
  weights: Float64Array | null,
  options: { readonly window: TimeWindow; readonly conventions: MetricConventions },
): StatusDistributionSummary {
  const started = members.filter((at) => !Number.isNaN(columns.start[at] ?? Number.NaN));
  const intervalsOf = (own: Uint32Array): WeightedIntervals => ({
    starts: pick(columns.start, own),
    ends: pick(columns.end, own),
    weights: weightsOf(weights, own),
  });
  const summarize = (own: Uint32Array) => summarizeConcurrency(intervalsOf(own), options.window, options.conventions);
  const byStatus = GROUPS.map((_, group) => started.filter((at) => columns.group[at] === group));
  return byGroup(
    byStatus.map((own) => own.length > 0),
    { one: (group) => summarize(byStatus[group] ?? new Uint32Array()), all: () => summarize(started) },
  );
}

/** Perf: a run without errors has one group, whose summary is that of the total. */
function byGroup(
  filled: readonly boolean[],
  { one, all }: { readonly one: (group: number) => DistributionSummary; readonly all: () => DistributionSummary },
): StatusDistributionSummary {
  const summaries = [one(0), one(1), one(2)] as const;
  const only = filled.filter(Boolean).length === 1 ? summaries[filled.indexOf(true)] : undefined;
  const [successful, errored, incomplete] = summaries;
  return { successful, errored, incomplete, total: only ?? all() };
}

/** Perf: `Float64Array.from` with a function goes through an iterator, whose results are garbage. */
function pick(column: Float64Array, members: Uint32Array): Float64Array {
  const picked = new Float64Array(members.length);
  for (let index = 0; index < members.length; index += 1) {
    picked[index] = column[members[index] ?? 0] ?? Number.NaN;
  }
  return picked;
}

/** Weight 1 for each when there are none; undefined ones are 0. */
function weightsOf(weights: Float64Array | null, members: Uint32Array): Float64Array {
  if (weights === null) return new Float64Array(members.length).fill(1);
  const picked = pick(weights, members);
  for (let index = 0; index < picked.length; index += 1) {
    if (Number.isNaN(picked[index])) picked[index] = 0;
  }
  return picked;
}
