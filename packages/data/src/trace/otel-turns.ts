import { isDeepStrictEqual } from "node:util";
import { badRow } from "../finalizer/read-cells.js";
import { PLACEHOLDER_RESPONSE, PLACEHOLDER_TOOLS } from "../tools/placeholder-tool.js";
import type { WrittenTurn } from "./open-trace.js";
import { type ModelCall, modelCalls, toolRuns } from "./otel-calls.js";
import { type ChatMessage, contentText } from "./otel-messages.js";
import type { OtelSpan } from "./otel-span.js";
import type { RecordedTurn } from "./session-timing.js";
import type { OtelArgs } from "./trace-fields.js";

/** A turn of a recorded conversation. */
export interface OtelTurn extends RecordedTurn, WrittenTurn {}

/**
 * Turns of the calls of models in a conversation, one after the other. A call that was answered by tool calls is followed by a turn
 * that brings the results: the next call where that is all it adds, else one of its own.
 *
 * @throws {DataError} CORE_DATA_BAD_ROW.
 */
export function readOtelTurns(spans: readonly OtelSpan[], args: OtelArgs): readonly OtelTurn[] {
  const calls = modelCalls(spans, args);
  const turns: OtelTurn[] = [];
  const add = (turn: Omit<OtelTurn, "node_id" | "agent_id" | "parents">, context: "full" | "new"): void => {
    const before = turns.at(-1)?.node_id;
    const parents = before === undefined ? [] : [{ parent_node_id: before, history_context: context }];
    turns.push({ ...turn, node_id: `main_${turns.length}`, agent_id: "default", parents });
  };
  const context = args.history === "trace" ? "new" : "full";
  for (let at = 0; at < calls.length; at += 1) {
    const call = calls[at];
    if (call === undefined) break;
    add(toTurn(call, messagesOf(call, calls[at - 1] ?? null, args), args), context);
    let asking = call;
    while (asking.callsTools) {
      const next = calls[at + 1];
      const results = next === undefined ? null : addedResults(asking, next);
      if (next === undefined || results === null) {
        add(madeUpInjection(asking, toolRuns(asking, spans, calls)), "full");
        break;
      }
      add(toInjection(next, results, args), "full");
      at += 1;
      asking = next;
    }
  }
  return turns;
}

type Unlinked = Omit<OtelTurn, "node_id" | "agent_id" | "parents">;

function toTurn(call: ModelCall, messages: readonly ChatMessage[], args: OtelArgs): Unlinked {
  return {
    timestamp: call.span.start,
    duration: call.span.duration,
    columns: {
      ...(call.callsTools ? { turn_type_column: ["client_tool_call"], ...toolColumns(call, args) } : {}),
      raw_messages_column: [messages],
      prompt_tokens_count_column: [call.promptTokens],
      ...(call.callsTools ? {} : { output_tokens_count_column: [call.outputTokens] }),
    },
  };
}

function toInjection(call: ModelCall, results: readonly string[], args: OtelArgs): Unlinked {
  return {
    timestamp: call.span.start,
    duration: call.span.duration,
    columns: {
      turn_type_column: ["tool_response_injection"],
      tool_response_column: results,
      output_tokens_count_column: [call.outputTokens],
      ...(call.callsTools ? toolColumns(call, args) : {}),
    },
  };
}

/** Results as the trace ran the tools; where it does not say, one that stands in. */
function madeUpInjection({ span }: ModelCall, runs: ReturnType<typeof toolRuns>): Unlinked {
  const results = runs.map(({ result }) => result);
  return {
    timestamp: runs[0]?.start ?? span.start,
    duration: null,
    columns: {
      turn_type_column: ["tool_response_injection"],
      tool_response_column: results.length > 0 ? results : [PLACEHOLDER_RESPONSE],
    },
  };
}

function toolColumns({ tools }: ModelCall, args: OtelArgs): WrittenTurn["columns"] {
  return { tools_column: [tools ?? PLACEHOLDER_TOOLS], tool_choice_column: [args.tool_choice] };
}

/** Results with which a call goes on from the one before; null where it adds anything else. */
function addedResults(before: ModelCall, { input }: ModelCall): readonly string[] | null {
  const added = addedMessages(before, input);
  if (added === null || added.length === 0 || added.some(({ role }) => role !== "tool")) return null;
  return added.map(({ content }) => contentText(content));
}

/** What a call sends: all that was recorded, or what came since the call before. */
function messagesOf(call: ModelCall, before: ModelCall | null, args: OtelArgs): readonly ChatMessage[] {
  if (args.history === "trace" || before === null) return call.input;
  const added = addedMessages(before, call.input);
  if (added === null) {
    throw badRow("a call does not go on from the one before it, which history=runtime needs; give history=trace");
  }
  // Results of tools have come with a turn of their own, under the identifiers of the calls of this run.
  const own = before.callsTools ? added.filter(({ role }) => role !== "tool") : added;
  if (own.length === 0) throw badRow("a call adds nothing to the one before it, which history=runtime needs");
  return own;
}

function addedMessages({ input, output }: ModelCall, next: readonly ChatMessage[]): readonly ChatMessage[] | null {
  if (output === null) return null;
  const known = [...input, ...output];
  return isDeepStrictEqual(next.slice(0, known.length), known) ? next.slice(known.length) : null;
}
