import { compilePart, valuesPresent } from "./compile-part.js";
import type { ClassMetrics, TurnMetrics } from "./generative-metrics.js";
import type { CompileContext } from "./metric-compiler.js";

/** Classes of traffic up to which each one gets metrics of its own: beyond, the names are rather identifiers. */
const MOST_CLASSES = 64;

/** Compiles the main metrics by turn; null when nothing was measured or every request is a first turn. */
export function compileTurns(context: CompileContext): readonly TurnMetrics[] | null {
  const { turnIndex } = context.columns;
  const turns = valuesPresent(context.members, turnIndex);
  if (turns.length === 0 || (turns.length === 1 && turns[0] === 0)) return null;
  return turns.map((turn) => ({ turn_index: turn, ...compilePart(context, (at) => turnIndex[at] === turn) }));
}

/** Compiles the main metrics by class of traffic; null without classes, and where there are more than 64. */
export function compileClasses(context: CompileContext): readonly ClassMetrics[] | null {
  const { classId, classNames } = context.columns;
  const classes = valuesPresent(context.members, classId).filter((id) => !Number.isNaN(id));
  if (classes.length === 0 || classes.length > MOST_CLASSES) return null;
  return classes.map((id) => ({
    traffic_class: classNames[id] ?? String(id),
    ...compilePart(context, (at) => classId[at] === id),
  }));
}
