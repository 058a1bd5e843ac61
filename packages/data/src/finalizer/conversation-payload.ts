import type { ConversationEdge, NodeSettings } from "../graph.js";
import type { MappedTurn } from "../mapper/column-mapper.js";
import { parseConversation } from "./packed-conversation.js";
import { badRow, readSeconds } from "./read-cells.js";

/** A turn on its way to becoming a request. */
export interface PayloadTurn {
  readonly nodeId: string;
  readonly agentId: string;
  readonly parents: readonly { readonly nodeId: string; readonly historyContext: ConversationEdge["historyContext"] }[];
  readonly columns: MappedTurn;
  readonly settings: NodeSettings;
}

/**
 * Turns of a conversation: those of a packed graph (column `conversation_turns_column`) with the sibling columns of other
 * sources appended to its turns by position, else a chain of the mapped turns.
 *
 * @throws {DataError} CORE_DATA_BAD_ROW when a cell cannot be read, or siblings stand at turns that the graph lacks.
 */
export function toPayloadTurns(mapped: readonly MappedTurn[]): readonly PayloadTurn[] {
  const [graph, ...others] = mapped.flatMap((turn) => turn["conversation_turns_column"] ?? []).map(parseConversation);
  if (graph === undefined) return chain(mapped);
  const siblings = mapped.map(({ conversation_turns_column: _packed, ...rest }) => splitSettings(rest));
  return [...others, siblings].reduce<readonly PayloadTurn[]>(append, graph);
}

/** What a sibling adds to a turn. */
type Addition = Pick<PayloadTurn, "columns" | "settings">;

function append(turns: readonly PayloadTurn[], additions: readonly Addition[]): readonly PayloadTurn[] {
  const extra = additions.findIndex(({ columns }, at) => at >= turns.length && Object.keys(columns).length > 0);
  if (extra >= 0) throw badRow(`there are columns for turn ${extra} of a conversation of ${turns.length} turns`);
  return turns.map((turn, at) => {
    const addition = additions[at];
    if (addition === undefined) return turn;
    const columns: Record<string, readonly unknown[]> = { ...turn.columns };
    for (const [name, cells] of Object.entries(addition.columns)) columns[name] = [...(columns[name] ?? []), ...cells];
    const settings = Object.values(turn.settings).some((value) => value !== null) ? turn.settings : addition.settings;
    return { ...turn, columns, settings };
  });
}

function chain(mapped: readonly MappedTurn[]): readonly PayloadTurn[] {
  const turns = mapped.filter((turn) => Object.keys(turn).length > 0);
  return turns.map((turn, at) => ({
    nodeId: `turn_${at}`,
    agentId: "default",
    parents: at === 0 ? [] : [{ nodeId: `turn_${at - 1}`, historyContext: "full" as const }],
    ...splitSettings(turn),
  }));
}

function splitSettings(turn: MappedTurn): Addition {
  const { relative_timestamp_column, requeue_delay_column, request_duration_column, ...columns } = turn;
  const settings = {
    relativeTimestampSeconds: readSeconds(relative_timestamp_column?.[0], "relative_timestamp"),
    requeueDelaySeconds: readSeconds(requeue_delay_column?.[0], "requeue_delay") || null,
    traceDurationSeconds: readSeconds(request_duration_column?.[0], "duration"),
  };
  return { columns, settings };
}
