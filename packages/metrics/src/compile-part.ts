import type { PartMetrics } from "./generative-metrics.js";
import { type CompileContext, compileValues, countGroups, gapWeights } from "./metric-compiler.js";
import type { WindowMembers } from "./window-members.js";

/** Compiles the main metrics of some of the requests. */
export function compilePart(context: CompileContext, belongs: (at: number) => boolean): PartMetrics {
  const { columns } = context;
  const { values } = columns;
  const members = keepMembers(context.members, belongs);
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
export function valuesPresent(members: WindowMembers, column: Float64Array): readonly number[] {
  const present = new Set<number>();
  for (const part of [members.all, members.firstToken, members.tokens]) {
    for (const at of part) present.add(column[at] ?? Number.NaN);
  }
  return [...present].sort((left, right) => left - right);
}

function keepMembers(members: WindowMembers, belongs: (at: number) => boolean): WindowMembers {
  return {
    overlapping: members.overlapping.filter(belongs),
    all: members.all.filter(belongs),
    firstToken: members.firstToken.filter(belongs),
    firstOutputToken: members.firstOutputToken.filter(belongs),
    tokens: members.tokens.filter(belongs),
  };
}
