import type { GraphPlan } from "./graph-plan.js";

/**
 * Positions of the turns that a node sees, oldest first; null for none.
 *
 * A `full` parent brings its whole chain of `full` ancestors, each preceded by the `last` parents that joined it there
 * (not those of the chain's first node); the node's own `last` parents follow in edge order; `new` parents bring nothing.
 * Rules of GuideLLM.
 */
export function historyPositions(plan: Pick<GraphPlan, "incoming">, position: number): readonly number[] | null {
  const chain: number[] = [];
  let current = fullParent(plan, position);
  while (current !== null) {
    chain.unshift(current);
    current = fullParent(plan, current);
  }
  const seen = chain.flatMap((ancestor, at) => (at === 0 ? [ancestor] : [...lastParents(plan, ancestor), ancestor]));
  seen.push(...lastParents(plan, position));
  return seen.length === 0 ? null : seen;
}

function fullParent(plan: Pick<GraphPlan, "incoming">, position: number): number | null {
  return plan.incoming[position]?.find((edge) => edge.historyContext === "full")?.source ?? null;
}

function lastParents(plan: Pick<GraphPlan, "incoming">, position: number): readonly number[] {
  const edges = plan.incoming[position] ?? [];
  return edges.filter((edge) => edge.historyContext === "last").map((edge) => edge.source);
}
