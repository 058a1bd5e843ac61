import { groupEvents, summarizeGroupConcurrency, summarizeGroupRates } from "./group-rates.js";
import type { CompileContext } from "./metric-compiler.js";
import { collectTokenEvents, concatEvents } from "./token-events.js";

/** Compiles rates and concurrency over the measurement window. */
export function compileFlow(context: CompileContext) {
  const { columns, members, window, conventions } = context;
  const tokens = collectTokenEvents(columns, members.overlapping, window);
  const both = tokens.prompt.map((events, group) => concatEvents([events, tokens.output[group] ?? concatEvents([])]));
  return {
    requests_per_second: summarizeGroupRates(
      groupEvents(columns, members.overlapping, columns.end, null),
      window,
      conventions,
    ),
    request_concurrency: summarizeGroupConcurrency(columns, members.overlapping, null, { window, conventions }),
    prompt_tokens_per_second: summarizeGroupRates(tokens.prompt, window, conventions),
    output_tokens_per_second: summarizeGroupRates(tokens.output, window, conventions),
    tokens_per_second: summarizeGroupRates(both, window, conventions),
  };
}
