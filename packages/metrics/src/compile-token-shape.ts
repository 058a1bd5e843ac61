import type { StatusDistributionSummary } from "./distribution-summary.js";
import { andCopies } from "./group-members.js";
import { type CompileContext, compileValues } from "./metric-compiler.js";
import type { RequestColumns } from "./request-columns.js";

/**
 * Compiles how many tokens an event of the stream carries. The tokens of a request are spread as for the token rates:
 * one in the first event, the others evenly over the rest, so two weighted values stand for all its events.
 */
export function compileTokenShape(context: CompileContext) {
  const { columns } = context;
  return {
    output_tokens_per_iteration: compileOutputTokensPerIteration(context),
    iter_tokens_per_iteration: compileValues(context, columns.values.iter_tokens_per_iteration, {
      weights: columns.tokenIterations.map((count) => Math.max(count - 1, 0)),
    }),
  };
}

function compileOutputTokensPerIteration(context: CompileContext): StatusDistributionSummary {
  const { columns } = context;
  const { count } = columns;
  const values = new Float64Array(count * 2);
  const weights = new Float64Array(count * 2);
  for (let at = 0; at < count; at += 1) {
    const spread = isSpread(columns, at);
    const output = columns.values.output_tokens[at] ?? Number.NaN;
    const perIteration = columns.values.iter_tokens_per_iteration[at] ?? Number.NaN;
    values[at] = spread ? Math.min(1, output) : output;
    weights[at] = 1;
    values[count + at] = Number.isNaN(perIteration) ? 0 : perIteration;
    weights[count + at] = spread && !Number.isNaN(perIteration) ? (columns.tokenIterations[at] ?? 0) - 1 : 0;
  }
  const group = new Uint8Array(count * 2);
  group.set(columns.group);
  group.set(columns.group, count);
  const { all } = context.members;
  return compileValues({ ...context, columns: { ...columns, count: count * 2, group } }, values, {
    members: andCopies(all, count),
    weights,
    zeroInGuidellm: true,
  });
}

/** Whether the tokens of a request are spread over its events rather than put into one. */
function isSpread(columns: RequestColumns, at: number): boolean {
  const duration = (columns.lastToken[at] ?? Number.NaN) - (columns.firstToken[at] ?? Number.NaN);
  return !Number.isNaN(duration) && (columns.tokenIterations[at] ?? 0) > 1;
}
