import type { DistributionSummary } from "./distribution-summary.js";
import { type CompileContext, compileValues } from "./metric-compiler.js";
import { sortSample } from "./sample.js";
import { isOpenLoop } from "./strategy-loops.js";
import { summarizeSample } from "./summarize-sample.js";

/**
 * Compiles how the requests kept their schedule. All null for closed loops, whose intended instants only say when a
 * stream was free (GuideLLM gives `root_dispatch_delay` for them too).
 */
export function compileSchedule(context: CompileContext, strategyType: string) {
  const { values } = context.columns;
  const open = isOpenLoop(strategyType);
  const compile = (column: Float64Array, intervals: boolean) =>
    open ? compileValues(context, column, { intervals }) : null;
  return {
    request_dispatch_delay: compile(values.request_dispatch_delay, true),
    request_scheduled_latency: compile(values.request_scheduled_latency, true),
    turn_predecessor_delay: compile(values.turn_predecessor_delay, false),
    turn_scheduling_delay: compile(values.turn_scheduling_delay, false),
    root_dispatch_delay: open || context.conventions === "guidellm" ? compileRootDelay(context) : null,
  };
}

/** Dispatch delay of the first requests of conversations, whatever became of them; null when there are none. */
function compileRootDelay(context: CompileContext): DistributionSummary | null {
  const { columns, conventions } = context;
  const delays = columns.values.request_dispatch_delay;
  const roots = context.members.all.filter((at) => columns.precedingNodes[at] === 0);
  const known = roots.filter((at) => !Number.isNaN(delays[at] ?? Number.NaN));
  const sample = sortSample(
    Float64Array.from(known, (at) => delays[at] ?? 0),
    null,
  );
  return known.length === 0
    ? null
    : summarizeSample(sample, { conventions, undefinedCount: roots.length - known.length });
}
