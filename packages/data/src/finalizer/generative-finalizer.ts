import { type GenerationRequest, measureText, type TurnType, type UsageMetrics, unknownUsage } from "@core/backend";
import { show } from "@core/registry";
import type { ConversationEdge, ConversationGraph, ConversationNode } from "../graph.js";
import type { MappedTurn } from "../mapper/column-mapper.js";
import { isAccompanyingColumn } from "../mapper/column-names.js";
import { ClassNames, classOf } from "./class-names.js";
import { type PayloadTurn, toPayloadTurns } from "./conversation-payload.js";
import { measureMedia } from "./measure-media.js";
import { badRow, readCount, readPoolingBody } from "./read-cells.js";
import { expandToolTurns, type ToolCallMode } from "./tool-turns.js";

const TURN_TYPES: readonly TurnType[] = ["standard", "client_tool_call", "tool_response_injection", "server_tool_call"];

interface FinalizeOptions {
  readonly classes?: ClassNames;
  /** @defaultValue "client" */
  readonly toolCalls?: ToolCallMode;
}

/**
 * Turns the mapped cells of a row into a conversation of requests; null when the row holds nothing.
 *
 * @param graphId - Identifier of the conversation; request identifiers derive from it.
 * @param options - `classes` gets the classes that the turns name, a class of the first turn holding for those that name
 * none; `toolCalls` says who calls the tools of turns that do not say it.
 * @throws {DataError} CORE_DATA_BAD_ROW for cells that cannot be used.
 */
export function finalizeConversation(
  mapped: readonly MappedTurn[],
  graphId: string,
  { classes = new ClassNames(), toolCalls = "client" }: FinalizeOptions = {},
): ConversationGraph | null {
  const turns = expandToolTurns(toPayloadTurns(mapped), toolCalls);
  if (turns.length === 0) return null;
  const common = classNamed(turns[0]);
  const nodes = turns.map((turn, at): ConversationNode => {
    const trafficClass = classNamed(turn) ?? common;
    return {
      nodeId: turn.nodeId,
      agentId: turn.agentId,
      request: toRequest(turn, `${graphId}-${at}`),
      settings: turn.settings,
      ...(trafficClass === null ? {} : { classId: classes.idOf(trafficClass) }),
    };
  });
  const edges = turns.flatMap((turn) =>
    turn.parents.map(
      ({ nodeId, historyContext }): ConversationEdge => ({ source: nodeId, target: turn.nodeId, historyContext }),
    ),
  );
  return { graphId, nodes, edges };
}

function classNamed(turn: PayloadTurn | undefined): string | null {
  return classOf(turn?.columns["class_column"]?.[0]);
}

function toRequest({ columns, nodeId }: PayloadTurn, requestId: string): GenerationRequest {
  const type = turnType(columns["turn_type_column"]?.[0]);
  // What the tools gave stands in the history, or is made up where the data has none.
  const needsContent = type !== "tool_response_injection";
  if (needsContent && Object.keys(columns).every(isAccompanyingColumn)) {
    throw badRow(`the turn ${nodeId} holds nothing to send`);
  }
  const texts = texted(columns, "text_column");
  const prefixes = texted(columns, "prefix_column");
  const ranked = [...(columns["query_column"] ?? []), ...(columns["documents_column"] ?? []).flat()];
  const all = [...prefixes, ...texts, ...ranked.filter((value) => typeof value === "string")];
  const { prompt_tokens_count_column, output_tokens_count_column, class_column, turn_type_column, ...rest } = columns;
  const sent: Record<string, readonly unknown[]> = rest;
  if (texts.length > 0) sent["text_column"] = texts;
  if (prefixes.length > 0) sent["prefix_column"] = prefixes;
  if (sent["pooling_column"] !== undefined) sent["pooling_column"] = sent["pooling_column"].map(readPoolingBody);
  return {
    requestId,
    columns: sent,
    turnType: type,
    inputMetrics: {
      ...unknownUsage(),
      ...measureMedia(columns),
      text_tokens: sumCounts(prompt_tokens_count_column, "prompt_tokens_count"),
      ...(all.length === 0 ? {} : measureTexts(all)),
    },
    outputMetrics: { ...unknownUsage(), text_tokens: sumCounts(output_tokens_count_column, "output_tokens_count") },
  };
}

function texted(columns: MappedTurn, name: string): string[] {
  return (columns[name] ?? []).map((value) => {
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    throw badRow(`${name} must hold text, got ${show(value)}`);
  });
}

/** Sum of the counts; null when there are none or they add up to zero. */
function sumCounts(values: readonly unknown[] | undefined, name: string): number | null {
  return (values ?? []).reduce<number>((sum, value) => sum + readCount(value, name), 0) || null;
}

function turnType(value: unknown): TurnType {
  if (value === undefined || value === "") return "standard";
  const found = TURN_TYPES.find((type) => type === value);
  if (found !== undefined) return found;
  throw badRow(`turn_type must be one of ${TURN_TYPES.join(", ")}, got ${show(value)}`);
}

function measureTexts(texts: readonly string[]): Pick<UsageMetrics, "text_words" | "text_characters"> {
  let words = 0;
  let characters = 0;
  for (const text of texts) {
    const { text_words, text_characters } = measureText(text);
    words += text_words ?? 0;
    characters += text_characters ?? 0;
  }
  return { text_words: words, text_characters: characters };
}
