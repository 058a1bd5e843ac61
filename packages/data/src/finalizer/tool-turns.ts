import type { TurnType } from "@core/backend";
import { NO_SETTINGS } from "../graph.js";
import type { PayloadTurn } from "./conversation-payload.js";

/** Who calls the tools of turns that do not say it. */
export type ToolCallMode = "client" | "server";

/**
 * Splits each turn whose tools the client calls into two requests: the call, and the turn that brings the results back and
 * gets the answer. The second one has the results, the output length, the think time and the recorded service time; every
 * turn that followed the first follows the second. A turn of the type `client_tool_call` without results is left as it is: the
 * data has split it itself. In the mode `server` a turn with tools and without a type loses them: the server has its own.
 */
export function expandToolTurns(turns: readonly PayloadTurn[], mode: ToolCallMode): readonly PayloadTurn[] {
  if (!turns.some(({ columns }) => has(columns, "turn_type_column") || has(columns, "tools_column"))) return turns;
  const ids = new Set(turns.map(({ nodeId }) => nodeId));
  const split = new Set(
    turns.filter((turn) => isSplit(turn, mode) && !ids.has(injectionId(turn.nodeId))).map(({ nodeId }) => nodeId),
  );
  return turns.flatMap((given) => {
    const turn = { ...given, parents: given.parents.map((parent) => afterInjection(parent, split)) };
    if (split.has(turn.nodeId)) return [toCall(turn), toInjection(turn)];
    if (!asksByTools(turn)) return [turn];
    return [mode === "server" ? toServed(turn) : withType(turn, "client_tool_call")];
  });
}

function isSplit(turn: PayloadTurn, mode: ToolCallMode): boolean {
  const isCall = turn.columns["turn_type_column"]?.[0] === "client_tool_call";
  return isCall ? has(turn.columns, "tool_response_column") : mode === "client" && asksByTools(turn);
}

/** Whether a turn holds tools and leaves it to the mode who calls them. */
function asksByTools({ columns }: PayloadTurn): boolean {
  return !has(columns, "turn_type_column") && has(columns, "tools_column");
}

function withType(turn: PayloadTurn, type: TurnType): PayloadTurn {
  return { ...turn, columns: { ...turn.columns, turn_type_column: [type] } };
}

function toCall(turn: PayloadTurn): PayloadTurn {
  const { tool_response_column: _results, output_tokens_count_column: _output, ...columns } = turn.columns;
  const { relativeTimestampSeconds } = turn.settings;
  const settings = { ...NO_SETTINGS, relativeTimestampSeconds };
  return withType({ ...turn, columns, settings }, "client_tool_call");
}

function toInjection(turn: PayloadTurn): PayloadTurn {
  const kept = ["tool_response_column", "output_tokens_count_column", "class_column"];
  const columns = Object.entries(turn.columns).filter(([name]) => kept.includes(name));
  const injection: PayloadTurn = {
    nodeId: injectionId(turn.nodeId),
    agentId: turn.agentId,
    parents: [{ nodeId: turn.nodeId, historyContext: "full" }],
    columns: Object.fromEntries(columns),
    settings: { ...turn.settings, relativeTimestampSeconds: null },
  };
  return withType(injection, "tool_response_injection");
}

function toServed(turn: PayloadTurn): PayloadTurn {
  const { tools_column: _tools, tool_response_column: _results, ...columns } = turn.columns;
  return withType({ ...turn, columns }, "server_tool_call");
}

function afterInjection(parent: PayloadTurn["parents"][number], split: ReadonlySet<string>) {
  return split.has(parent.nodeId) ? { ...parent, nodeId: injectionId(parent.nodeId) } : parent;
}

function injectionId(nodeId: string): string {
  return `${nodeId}_injection`;
}

function has(columns: PayloadTurn["columns"], name: string): boolean {
  return (columns[name]?.length ?? 0) > 0;
}
