import { isMapping } from "@core/registry";
import { DataError } from "../errors.js";
import { seededRandom } from "../seeded-random.js";
import type { DataRow, DataSource, DataSourceDependencies } from "../source/data-source.js";
import { distributionOf } from "../synthetic/count-fields.js";
import { sampleCount } from "../synthetic/count-sampler.js";
import { PromptWriter } from "../synthetic/prompt-writer.js";
import { PLACEHOLDER_RESPONSE, PLACEHOLDER_TOOLS, toolResult } from "../tools/placeholder-tool.js";
import { BlockNumbers } from "./block-ids.js";
import { BlockText } from "./block-text.js";
import { openTrace, type ReadSession, type TracePlace, type WrittenTurn } from "./open-trace.js";
import { fromZero, readSession, trafficClassOf } from "./read-lines.js";
import type { WekaArgs } from "./trace-fields.js";
import { blockSizeOf, firstRequest, readWekaTurns, type WekaTurn, withinContext } from "./weka-turns.js";

/**
 * Opens recorded conversations of agents in the format of WEKA: a row for each, with a list of requests, sub-agents among them.
 * A request that goes on from the one before it sends what is new in its prompt, the rest being its history; one whose
 * context was rewritten sends all of it and shows no history.
 *
 * @throws {DataError} CORE_DATA_NO_COLUMNS, and those of {@link openTrace}.
 */
export function openWeka(args: WekaArgs, dependencies: DataSourceDependencies): Promise<DataSource> {
  return openTrace<WekaTurn>(args, dependencies, (tokenizer, seed) => {
    const blocks = new BlockText(tokenizer, seed);
    const words = new PromptWriter(tokenizer);
    const tools = typeof args.tools === "string" ? args.tools : JSON.stringify(args.tools ?? PLACEHOLDER_TOOLS);
    const lengths = distributionOf(args, "tool_response_tokens");

    /** As long as is asked for, else as what was recorded. */
    const resultOf = (turn: WekaTurn, own: string): string => {
      const recorded = turn.known === 0 ? 0 : turn.promptTokens - turn.known;
      const tokens = lengths === null ? recorded : sampleCount(lengths, seededRandom(seed, "tool-response", own));
      if (tokens === 0) return PLACEHOLDER_RESPONSE;
      return toolResult(words.write(tokens, "", seededRandom(seed, "tool-text", own)).text);
    };

    const columnsOf = (turn: WekaTurn, { epoch, copy, session }: TracePlace): WrittenTurn["columns"] => {
      const own = `${epoch}/${copy}/${session}/${turn.nodeId}`;
      const asks = turn.callsTools ? { tools_column: [tools] } : {};
      const output = { output_tokens_count_column: [turn.outputTokens] };
      if (turn.isInjection) {
        const result = { tool_response_column: [resultOf(turn, own)] };
        return { turn_type_column: ["tool_response_injection"], ...asks, ...result, ...output };
      }
      const scope = { name: `${epoch}/${copy}/${turn.scope}`, size: turn.blockSize };
      const prompt = blocks.write(turn.blocks, scope, { from: turn.known, to: turn.promptTokens, own });
      return {
        ...(turn.callsTools ? { turn_type_column: ["client_tool_call"] } : {}),
        ...asks,
        text_column: [prompt.text],
        prompt_tokens_count_column: [prompt.tokenCount],
        ...output,
      };
    };

    return {
      kind: args.kind,
      read: (source) => fromZero(readConversations(source, args)),
      write: (turns, place) =>
        turns.map((turn) => ({
          node_id: turn.nodeId,
          agent_id: turn.agentId,
          parents: turn.parents,
          columns: columnsOf(turn, place),
        })),
    };
  });
}

function readConversations(source: DataSource, args: WekaArgs): readonly ReadSession<WekaTurn>[] {
  const column = listColumn(source);
  assertFields(source, column, args);
  const shared = new BlockNumbers();
  return Array.from({ length: source.rowCount ?? 0 }, (_, index) => {
    const row = source.row(index, 0);
    return readSession(`conversation ${index + 1} of the trace`, () => {
      const isLocal = row["hash_id_scope"] === "local";
      const numbers = isLocal ? new BlockNumbers() : shared;
      const turns = readWekaTurns(column === null ? [] : listOf(row[column]), {
        args,
        scope: isLocal ? `local/${index}` : "shared",
        blockSize: blockSizeOf(row, args.hash_id_block_size),
        numberOf: (id) => numbers.of(id),
      });
      return { turns: withinContext(turns, args.max_context_len), trafficClass: trafficClassOf(row) };
    });
  });
}

/** The column that holds lists of mappings in the first row. */
function listColumn(source: DataSource): string | null {
  const first = source.row(0, 0);
  return source.columns.find((column) => listOf(first[column]).some(isMapping)) ?? null;
}

function listOf(cell: unknown): readonly unknown[] {
  if (Array.isArray(cell)) return cell;
  if (typeof cell !== "string" || !cell.trimStart().startsWith("[")) return [];
  try {
    return JSON.parse(cell) as readonly unknown[];
  } catch {
    return []; // text that only looks like a list
  }
}

/** @throws {DataError} CORE_DATA_NO_COLUMNS naming what the rows, or their first request, lack. */
function assertFields(source: DataSource, column: string | null, args: WekaArgs): void {
  const row: DataRow = source.row(0, 0);
  const request = column === null ? null : firstRequest(listOf(row[column]));
  const id = args.conversation_id_column;
  const needed = [args.timestamp_column, args.prompt_tokens_column, args.output_tokens_column, args.hash_ids_column];
  const missing = [
    ...(id === null || source.columns.includes(id) ? [] : [id]),
    ...(request === null ? ["requests (a list of mappings)"] : needed.filter((name) => !Object.hasOwn(request, name))),
  ];
  if (missing.length === 0) return;
  const has = request === null ? source.columns : [...source.columns, ...Object.keys(request)];
  throw new DataError(`The trace in ${source.name} has no ${missing.join(", ")}.`, {
    code: "CORE_DATA_NO_COLUMNS",
    hint: `It has ${has.join(", ")}; name them with timestamp_column, hash_ids_column and the like.`,
  });
}
