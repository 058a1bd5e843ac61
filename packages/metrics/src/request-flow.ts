import { zeroFilled } from "./column-arithmetic.js";
import type { DistributionSummary, MetricConventions, StatusDistributionSummary } from "./distribution-summary.js";
import { type MembersByGroup, membersByGroup, membersWithValue } from "./group-members.js";
import { summarizeByGroup } from "./group-rates.js";
import { pick } from "./pick.js";
import type { RequestColumns } from "./request-columns.js";
import { IntervalTimeline } from "./summarize-concurrency.js";
import { RateTimeline, type TimeWindow } from "./summarize-rate.js";

/** Weights by position in the columns, undefined ones are 0; null is 1 for each request. */
type Weights = Float64Array | null;

/**
 * Some requests as events at their ends and as intervals. Perf: they are put in order once, for the rates and the
 * concurrency of everything that is counted by request.
 */
export class RequestFlow {
  readonly #ends: Timelines;
  readonly #spans: Timelines;

  /** @param members - Positions in the columns. */
  constructor(columns: RequestColumns, members: Uint32Array, window: TimeWindow) {
    const groups = membersByGroup(columns, members);
    this.#ends = new Timelines(groups, concat(groups), (own) => new RateTimeline(pick(columns.end, own), window));
    const started = membersWithValue(columns.start, members);
    const spanOf = (own: Uint32Array) => new IntervalTimeline(pick(columns.start, own), pick(columns.end, own), window);
    this.#spans = new Timelines(membersByGroup(columns, started), started, spanOf);
  }

  /** Rate of the ends. */
  rate(weights: Weights, conventions: MetricConventions): StatusDistributionSummary {
    return this.#ends.summarize(weights, conventions);
  }

  /** How much is in flight; requests without a start are left out. */
  concurrency(weights: Weights, conventions: MetricConventions): StatusDistributionSummary {
    return this.#spans.summarize(weights, conventions);
  }
}

interface Timeline {
  summarize(weights: Float64Array, conventions: MetricConventions): DistributionSummary;
}

/** A timeline for each group and one for all requests, each made when it is first asked for. */
class Timelines {
  readonly #lists: readonly [...MembersByGroup, all: Uint32Array];
  readonly #create: (own: Uint32Array) => Timeline;
  readonly #made: (Timeline | undefined)[] = [];

  constructor(groups: MembersByGroup, all: Uint32Array, create: (own: Uint32Array) => Timeline) {
    this.#lists = [...groups, all];
    this.#create = create;
  }

  summarize(weights: Weights, conventions: MetricConventions): StatusDistributionSummary {
    const [successful, errored, incomplete] = this.#lists;
    const filled = [successful, errored, incomplete].map((own) => own.length > 0);
    return summarizeByGroup(filled, {
      one: (group) => this.#summarize(group, weights, conventions),
      all: () => this.#summarize(this.#lists.length - 1, weights, conventions),
    });
  }

  #summarize(list: number, weights: Weights, conventions: MetricConventions): DistributionSummary {
    const own = this.#lists[list] ?? new Uint32Array();
    const timeline = this.#made[list] ?? this.#create(own);
    this.#made[list] = timeline;
    return timeline.summarize(weightsOf(weights, own), conventions);
  }
}

function concat(groups: MembersByGroup): Uint32Array {
  const all = new Uint32Array(groups.reduce((sum, own) => sum + own.length, 0));
  let offset = 0;
  for (const own of groups) {
    all.set(own, offset);
    offset += own.length;
  }
  return all;
}

function weightsOf(weights: Weights, members: Uint32Array): Float64Array {
  return weights === null ? new Float64Array(members.length).fill(1) : zeroFilled(pick(weights, members));
}
