import type { PartMetrics } from "./generative-metrics.js";
import { keepMembers } from "./group-members.js";
import { type CompileContext, compileValues, countGroups, gapWeights } from "./metric-compiler.js";
import type { WindowMembers } from "./window-members.js";

/** Compiles the main metrics of some of the requests. */
export function compilePart(context: CompileContext, belongs: (at: number) => boolean): PartMetrics {
  const { columns } = context;
  const { values } = columns;
  const members = keepPart(context.members, belongs);
  const own = { ...context, members };
  return {
    request_totals: countGroups(columns, members.all),
    request_latency: compileValues(own, values.request_latency, { zeroInGuidellm: true }),
    prompt_token_count: compileValues(own, values.prompt_tokens, { zeroInGuidellm: true }),
    time_to_first_token_ms: compileValues(own, values.time_to_first_token_ms, { members: members.firstToken }),
    inter_token_latency_ms: compileValues(own, values.inter_token_latency_ms, {
      members: members.tokens,
      weights: gapWeights(columns),
      zeroInGuidellm: true,
    }),
  };
}

/** Values of a column among the measured requests, ascending. */
export function valuesPresent({ all, firstToken, tokens }: WindowMembers, column: Float64Array): readonly number[] {
  const present = new Set<number>();
  for (const part of new Set([all, firstToken, tokens])) addValues(column, part, present);
  return [...present].sort((left, right) => left - right);
}

function addValues(column: Float64Array, members: Uint32Array, present: Set<number>): void {
  let latest: number | null = null;
  for (let place = 0; place < members.length; place += 1) {
    const value = column[members[place] ?? 0] ?? Number.NaN;
    if (Object.is(value, latest)) continue; // Perf: neighbours are mostly the same
    latest = value;
    present.add(value);
  }
}

function keepPart(members: WindowMembers, belongs: (at: number) => boolean): WindowMembers {
  const all = keepMembers(members.all, belongs);
  const keep = (list: Uint32Array): Uint32Array => (list === members.all ? all : keepMembers(list, belongs));
  return {
    overlapping: keep(members.overlapping),
    all,
    firstToken: keep(members.firstToken),
    firstOutputToken: keep(members.firstOutputToken),
    tokens: keep(members.tokens),
  };
}
