import { isMapping } from "@core/registry";
import { DataError } from "../errors.js";
import type { ConversationEdge, NodeSettings } from "../graph.js";
import type { MappedTurn } from "../mapper/column-mapper.js";

/** A turn on its way to becoming a request. */
export interface PayloadTurn {
  readonly nodeId: string;
  readonly agentId: string;
  readonly parents: readonly { readonly nodeId: string; readonly historyContext: ConversationEdge["historyContext"] }[];
  readonly columns: MappedTurn;
  readonly settings: NodeSettings;
}

const SCHEDULING = ["relative_timestamp_column", "requeue_delay_column", "request_duration_column"];

/**
 * Turns of a conversation: those of a packed graph (column `conversation_turns_column`) with the sibling columns of other
 * sources appended to its turns by position, else a chain of the mapped turns.
 */
export function toPayloadTurns(mapped: readonly MappedTurn[]): readonly PayloadTurn[] {
  const packed = mapped.flatMap((turn) => turn["conversation_turns_column"] ?? []);
  if (packed.length === 0) return chain(mapped);
  const graphs = packed.map(parseGraph);
  const [first, ...others] = graphs;
  if (first === undefined) return [];
  const siblings = mapped.map(({ conversation_turns_column: _packed, ...rest }) => rest);
  return first.map((turn, at) => {
    const main = [siblings[at] ?? {}, ...others.map((graph) => graph[at]?.columns ?? {})];
    return { ...turn, columns: main.reduce(append, turn.columns) };
  });
}

function append(into: MappedTurn, more: MappedTurn): MappedTurn {
  const merged: Record<string, readonly unknown[]> = { ...into };
  for (const [name, values] of Object.entries(more)) merged[name] = [...(merged[name] ?? []), ...values];
  return merged;
}

function chain(mapped: readonly MappedTurn[]): readonly PayloadTurn[] {
  const turns = mapped.filter((turn) => Object.keys(turn).length > 0);
  return turns.map((turn, at) => ({
    nodeId: `turn_${at}`,
    agentId: "default",
    parents: at === 0 ? [] : [{ nodeId: `turn_${at - 1}`, historyContext: "full" as const }],
    columns: Object.fromEntries(Object.entries(turn).filter(([name]) => !SCHEDULING.includes(name))),
    settings: {
      relativeTimestampSeconds: seconds(turn["relative_timestamp_column"]?.[0], "relative_timestamp", 0),
      requeueDelaySeconds: seconds(turn["requeue_delay_column"]?.[0], "requeue_delay", 0) || null,
      traceDurationSeconds: seconds(turn["request_duration_column"]?.[0], "duration", 0),
    },
  }));
}

function parseGraph(value: unknown): readonly PayloadTurn[] {
  const graph = typeof value === "string" ? parseJson(value) : value;
  const turns = isMapping(graph) ? graph["turns"] : undefined;
  if (!Array.isArray(turns) || turns.length === 0) throw bad("a conversation needs a list of turns");
  const parsed = turns.map(parseTurn);
  const ids = new Set(parsed.map((turn) => turn.nodeId));
  if (ids.size !== parsed.length) throw bad("two turns of a conversation have the same node_id");
  const lost = parsed.flatMap((turn) => turn.parents).find((parent) => !ids.has(parent.nodeId));
  if (lost !== undefined) throw bad(`a turn names the parent "${lost.nodeId}", which does not exist`);
  return parsed;
}

function parseTurn(turn: unknown): PayloadTurn {
  if (!isMapping(turn) || typeof turn["node_id"] !== "string") throw bad("a turn needs a node_id");
  const parents = Array.isArray(turn["parents"]) ? turn["parents"] : [];
  const settings = isMapping(turn["settings"]) ? turn["settings"] : {};
  return {
    nodeId: turn["node_id"],
    agentId: typeof turn["agent_id"] === "string" ? turn["agent_id"] : "default",
    parents: parents.map(parseParent),
    columns: isMapping(turn["columns"]) ? (turn["columns"] as MappedTurn) : {},
    settings: {
      relativeTimestampSeconds: seconds(settings["relative_timestamp"], "relative_timestamp", 0),
      requeueDelaySeconds: seconds(settings["requeue_delay"], "requeue_delay", 0) || null,
      traceDurationSeconds: seconds(settings["trace_duration"], "trace_duration", 0),
    },
  };
}

function parseParent(parent: unknown): PayloadTurn["parents"][number] {
  if (!isMapping(parent) || typeof parent["parent_node_id"] !== "string") throw bad("a parent needs a parent_node_id");
  const context = parent["history_context"] ?? "full";
  if (context !== "full" && context !== "last" && context !== "new")
    throw bad(`unknown history_context ${JSON.stringify(context)}`);
  return { nodeId: parent["parent_node_id"], historyContext: context };
}

function seconds(value: unknown, name: string, minimum: number): number | null {
  if (value === null || value === undefined || value === "") return null;
  const number = Number(value);
  if (!Number.isFinite(number) || number < minimum)
    throw bad(`${name} must be a number >= ${minimum}, got ${JSON.stringify(value)}`);
  return number;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw bad(`conversation_turns is not JSON: ${(cause as Error).message}`);
  }
}

function bad(message: string): DataError {
  return new DataError(message, { code: "CORE_DATA_BAD_ROW" });
}
