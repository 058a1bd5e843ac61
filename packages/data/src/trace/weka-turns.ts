import { isMapping, show } from "@core/registry";
import { badRow, readCount, readSeconds } from "../finalizer/read-cells.js";
import type { DataRow } from "../source/data-source.js";
import { readBlockIds } from "./block-ids.js";
import type { WrittenTurn } from "./open-trace.js";
import { type RecordedLengths, readLengths } from "./read-lines.js";
import type { WekaArgs } from "./trace-fields.js";

/** A request of a recorded agent. */
export interface WekaTurn extends RecordedLengths {
  readonly nodeId: string;
  readonly agentId: string;
  readonly parents: WrittenTurn["parents"];
  /** Numbers of the blocks of the whole prompt. */
  readonly blocks: readonly number[];
  readonly blockSize: number;
  /** Within which a number means the same block. */
  readonly scope: string;
  /** Tokens of the prompt that the history holds already: the prompt and the answer before it. */
  readonly known: number;
  /** Whether it brings the results of the calls before. */
  readonly isInjection: boolean;
  /** Whether it is answered by tool calls. */
  readonly callsTools: boolean;
}

/** How the entries of one conversation are read. */
export interface WekaReading {
  readonly args: WekaArgs;
  readonly scope: string;
  readonly blockSize: number;
  readonly numberOf: (id: string | number) => number;
}

/** Turns of one agent that are read so far. */
interface Chain {
  readonly name: string;
  readonly agentId: string;
  /** What its first turn follows. */
  readonly start: WrittenTurn["parents"];
  /** Added to the times of its entries. */
  readonly offset: number;
}

/**
 * Requests of a conversation in the order in which they are recorded. Those of one agent follow each other; a sub-agent starts anew
 * after the request before it, and its last answer comes back with the next request of the agent that started it.
 *
 * @throws {DataError} CORE_DATA_BAD_ROW.
 */
export function readWekaTurns(entries: readonly unknown[], reading: WekaReading): readonly WekaTurn[] {
  const turns: WekaTurn[] = [];
  let subAgents = 0;

  const walk = (list: readonly unknown[], chain: Chain): string | null => {
    let before: { readonly turn: WekaTurn; readonly entry: DataRow } | null = null;
    let pending: string[] = [];
    let count = 0;
    for (const given of list) {
      if (!isMapping(given)) throw badRow(`a request must be a mapping, got ${show(given)}`);
      if (given["type"] === "subagent") {
        const last = walk(innerOf(given), subAgentChain(given, before?.turn.nodeId ?? null));
        if (last !== null) pending.push(last);
        continue;
      }
      const turn = toTurn(given, reading, {
        nodeId: `${chain.name}_${count}`,
        chain,
        before,
        joined: pending,
      });
      turns.push(turn);
      before = { turn, entry: given };
      pending = [];
      count += 1;
    }
    return before?.turn.nodeId ?? null;
  };

  const subAgentChain = (entry: DataRow, after: string | null): Chain => {
    const name = `sa_${subAgents}`;
    subAgents += 1;
    return {
      name,
      agentId: typeof entry["agent_id"] === "string" ? entry["agent_id"] : name,
      start: after === null ? [] : [{ parent_node_id: after, history_context: "new" }],
      offset: innerOffset(entry, reading.args),
    };
  };

  walk(entries, { name: "main", agentId: "default", start: [], offset: 0 });
  return turns;
}

/** The first entry that is a request, at whatever depth; null when there is none. */
export function firstRequest(entries: readonly unknown[]): DataRow | null {
  for (const entry of entries) {
    if (!isMapping(entry)) continue;
    const found = entry["type"] === "subagent" ? firstRequest(innerOf(entry)) : entry;
    if (found !== null) return found;
  }
  return null;
}

interface TurnPlace {
  readonly nodeId: string;
  readonly chain: Chain;
  readonly before: { readonly turn: WekaTurn; readonly entry: DataRow } | null;
  /** Last requests of the sub-agents that ended since. */
  readonly joined: readonly string[];
}

function toTurn(entry: DataRow, reading: WekaReading, place: TurnPlace): WekaTurn {
  const { args, blockSize, scope } = reading;
  const { before, chain } = place;
  const lengths = readLengths(entry, args);
  const blocks = readBlocks(entry, lengths.promptTokens, reading);
  const isInjection = before !== null && bringsResults(entry, before.entry);
  const known = before === null ? 0 : knownTokens({ ...lengths, blocks }, before.turn);
  const context = isInjection || known > 0 ? ("full" as const) : ("new" as const);
  const follows = before === null ? chain.start : [{ parent_node_id: before.turn.nodeId, history_context: context }];
  const joins = place.joined.map((node) => ({ parent_node_id: node, history_context: "last" as const }));
  return {
    ...lengths,
    timestamp: lengths.timestamp + chain.offset,
    duration: lengths.duration ?? readSeconds(entry["api_time"], "api_time"),
    nodeId: place.nodeId,
    agentId: chain.agentId,
    parents: [...follows, ...joins],
    blocks,
    blockSize,
    scope,
    known,
    isInjection,
    callsTools: entry["stop"] === "tool_use",
  };
}

/** A trailing partial block may have an identifier or none. */
function readBlocks(entry: DataRow, tokens: number, { args, blockSize, numberOf }: WekaReading): readonly number[] {
  const column = args.hash_ids_column;
  const ids = readBlockIds(entry[column], column);
  const [least, most] = [Math.floor(tokens / blockSize), Math.ceil(tokens / blockSize)];
  if (ids.length < least || ids.length > most) {
    throw badRow(`${tokens} tokens in blocks of ${blockSize} need ${most} ${column}, got ${ids.length}`);
  }
  return ids.map(numberOf);
}

/**
 * Tokens of a prompt that the conversation has seen: all of the prompt and the answer before it, where it goes on from there; none
 * where its context was begun anew or rewritten.
 */
function knownTokens(turn: Pick<WekaTurn, "promptTokens" | "blocks">, before: WekaTurn): number {
  const full = before.blocks.slice(0, Math.floor(before.promptTokens / before.blockSize));
  const goesOn = turn.promptTokens > before.promptTokens && full.every((block, at) => turn.blocks[at] === block);
  return goesOn ? Math.min(before.promptTokens + before.outputTokens, turn.promptTokens - 1) : 0;
}

function bringsResults(entry: DataRow, before: DataRow): boolean {
  const types = Array.isArray(entry["input_types"]) ? entry["input_types"] : [];
  return types.includes("tool_result") || (types.length === 0 && before["stop"] === "tool_use");
}

function innerOf(entry: DataRow): readonly unknown[] {
  const inner = entry["requests"] ?? [];
  if (Array.isArray(inner)) return inner;
  throw badRow(`requests of a sub-agent must be a list, got ${show(inner)}`);
}

/** Times of a sub-agent count from its own, unless the first of them lies behind that already. */
function innerOffset(entry: DataRow, args: WekaArgs): number {
  const own = readSeconds(entry[args.timestamp_column], args.timestamp_column) ?? 0;
  const first = readSeconds(firstRequest(innerOf(entry))?.[args.timestamp_column], args.timestamp_column) ?? own;
  return first < own ? own : 0;
}

/** Turns up to the first whose prompt and answer are longer than `most` tokens. @throws {DataError} CORE_DATA_BAD_ROW for none. */
export function withinContext(turns: readonly WekaTurn[], most: number | null): readonly WekaTurn[] {
  const long = turns.findIndex(
    ({ promptTokens, outputTokens }) => promptTokens + outputTokens > (most ?? Number.POSITIVE_INFINITY),
  );
  const kept = long < 0 ? turns : turns.slice(0, long);
  if (kept.length === 0)
    throw badRow(turns.length === 0 ? "it has no request" : `its first request exceeds ${most} tokens`);
  return kept;
}

/** Tokens of a block that a conversation states; `otherwise` where it states none. @throws {DataError} CORE_DATA_BAD_ROW. */
export function blockSizeOf(row: DataRow, otherwise: number): number {
  return readCount(row["block_size"], "block_size") || otherwise;
}
