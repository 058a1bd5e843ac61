import { isMapping, show } from "@core/registry";
import type { MappedTurn } from "../mapper/column-mapper.js";
import type { PayloadTurn } from "./conversation-payload.js";
import { badRow, isEmptyCell, readSeconds } from "./read-cells.js";

/**
 * Reads a whole conversation from one cell: `{turns: [{node_id, agent_id, parents, columns, settings}]}`, as an object or
 * as JSON text. Unknown keys are ignored.
 *
 * @throws {DataError} CORE_DATA_BAD_ROW when it cannot be read, names a turn twice or a parent that does not exist,
 * gives a turn two parents with full history, or has a cycle.
 */
export function parseConversation(value: unknown): readonly PayloadTurn[] {
  const graph = typeof value === "string" ? parseJson(value) : value;
  const turns = isMapping(graph) ? graph["turns"] : undefined;
  if (!Array.isArray(turns) || turns.length === 0) throw badRow("a conversation needs a list of turns");
  const parsed = turns.map(parseTurn);
  assertConnected(parsed);
  return parsed;
}

function parseTurn(turn: unknown): PayloadTurn {
  if (!isMapping(turn) || typeof turn["node_id"] !== "string") throw badRow("a turn needs a node_id");
  const at = `the turn "${turn["node_id"]}"`;
  const parents = turn["parents"] ?? [];
  if (!Array.isArray(parents)) throw badRow(`${at} must hold a list of parents, got ${show(parents)}`);
  const settings = mappingOf(turn["settings"], `settings of ${at}`);
  return {
    nodeId: turn["node_id"],
    agentId: typeof turn["agent_id"] === "string" ? turn["agent_id"] : "default",
    parents: parents.map(parseParent),
    columns: parseColumns(mappingOf(turn["columns"], `columns of ${at}`)),
    settings: {
      relativeTimestampSeconds: readSeconds(settings["relative_timestamp"], "relative_timestamp"),
      requeueDelaySeconds: readSeconds(settings["requeue_delay"], "requeue_delay") || null,
      traceDurationSeconds: readSeconds(settings["trace_duration"], "trace_duration"),
    },
  };
}

/** A single value is a list of one, empty cells are dropped: the rules of mapped columns. */
function parseColumns(columns: Readonly<Record<string, unknown>>): MappedTurn {
  const lists = Object.entries(columns).map(([name, cell]) => {
    return [name, (Array.isArray(cell) ? cell : [cell]).filter((value) => !isEmptyCell(value))] as const;
  });
  return Object.fromEntries(lists.filter(([, cells]) => cells.length > 0));
}

function parseParent(parent: unknown): PayloadTurn["parents"][number] {
  if (!isMapping(parent) || typeof parent["parent_node_id"] !== "string")
    throw badRow("a parent needs a parent_node_id");
  const context = parent["history_context"] ?? "full";
  if (context !== "full" && context !== "last" && context !== "new")
    throw badRow(`unknown history_context ${show(context)}`);
  return { nodeId: parent["parent_node_id"], historyContext: context };
}

function assertConnected(turns: readonly PayloadTurn[]): void {
  if (turns.length === 1 && turns[0]?.parents.length === 0) return;
  const ids = new Set(turns.map((turn) => turn.nodeId));
  if (ids.size !== turns.length) throw badRow("two turns of a conversation have the same node_id");
  const lost = turns.flatMap((turn) => turn.parents).find((parent) => !ids.has(parent.nodeId));
  if (lost !== undefined) throw badRow(`a turn names the parent ${show(lost.nodeId)}, which does not exist`);
  const forked = turns.find((turn) => turn.parents.filter((parent) => parent.historyContext === "full").length > 1);
  if (forked !== undefined) throw badRow(`the turn ${show(forked.nodeId)} has two parents with full history`);
  assertAcyclic(turns);
}

/** Takes away turns whose parents are gone until none is left (Kahn). */
function assertAcyclic(turns: readonly PayloadTurn[]): void {
  let left = turns;
  while (left.length > 0) {
    const ids = new Set(left.map((turn) => turn.nodeId));
    const next = left.filter((turn) => turn.parents.some((parent) => ids.has(parent.nodeId)));
    if (next.length === left.length) throw badRow(`the turns ${[...ids].map(show).join(", ")} wait for each other`);
    left = next;
  }
}

function mappingOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (value === null || value === undefined) return {};
  if (isMapping(value)) return value;
  throw badRow(`the ${what} must be a mapping, got ${show(value)}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badRow(`conversation_turns is not JSON: ${(cause as Error).message}`);
  }
}
