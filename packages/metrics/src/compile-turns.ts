import type { TurnMetrics } from "./generative-metrics.js";
import { type CompileContext, compileValues, countGroups, gapWeights } from "./metric-compiler.js";
import type { WindowMembers } from "./window-members.js";

/** Compiles the main metrics by turn; null when nothing was measured or every request is a first turn. */
export function compileTurns(context: CompileContext): readonly TurnMetrics[] | null {
  const { turnIndex } = context.columns;
  const { members } = context;
  const turns = new Set<number>();
  for (const part of [members.all, members.firstToken, members.tokens]) {
    for (const at of part) turns.add(turnIndex[at] ?? 0);
  }
  if (turns.size === 0 || (turns.size === 1 && turns.has(0))) return null;
  return [...turns]
    .sort((left, right) => left - right)
    .map((turn) => {
      const keep = (part: Uint32Array): Uint32Array => part.filter((at) => turnIndex[at] === turn);
      return compileTurn(context, turn, {
        overlapping: keep(members.overlapping),
        all: keep(members.all),
        firstToken: keep(members.firstToken),
        firstOutputToken: keep(members.firstOutputToken),
        tokens: keep(members.tokens),
      });
    });
}

function compileTurn(context: CompileContext, turn: number, members: WindowMembers): TurnMetrics {
  const { columns } = context;
  const { values } = columns;
  const own = { ...context, members };
  return {
    turn_index: turn,
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
