import { type GenerationRequest, measureText, type TurnType, UNKNOWN_USAGE, type UsageMetrics } from "@core/backend";
import { show } from "@core/registry";
import { DataError } from "../errors.js";
import type { ConversationEdge, ConversationGraph, ConversationNode } from "../graph.js";
import type { MappedTurn } from "../mapper/column-mapper.js";
import { isAccompanyingColumn } from "../mapper/column-names.js";
import { ClassNames, classOf } from "./class-names.js";
import { type PayloadTurn, toPayloadTurns } from "./conversation-payload.js";
import { measureAudio } from "./measure-audio.js";
import { badRow, readCount, readPoolingBody } from "./read-cells.js";

const TURN_TYPES: readonly TurnType[] = ["standard", "client_tool_call", "tool_response_injection", "server_tool_call"];
const MEDIA = ["image_column", "video_column", "tools_column", "tool_response_column", "raw_messages_column"];

/**
 * Turns the mapped cells of a row into a conversation of requests; null when the row holds nothing.
 *
 * @param graphId - Identifier of the conversation; request identifiers derive from it.
 * @param classes - Gets the classes that the turns name; a class of the first turn holds for those that name none.
 * @throws {DataError} CORE_DATA_BAD_ROW for cells that cannot be used; CORE_DATA_NOT_BUILT for images, video
 * and tools.
 */
export function finalizeConversation(
  mapped: readonly MappedTurn[],
  graphId: string,
  classes: ClassNames = new ClassNames(),
): ConversationGraph | null {
  const turns = toPayloadTurns(mapped);
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
  refuseUnbuilt(columns);
  if (Object.keys(columns).every(isAccompanyingColumn)) throw badRow(`the turn ${nodeId} holds nothing to send`);
  const texts = texted(columns, "text_column");
  const prefixes = texted(columns, "prefix_column");
  const ranked = [...(columns["query_column"] ?? []), ...(columns["documents_column"] ?? []).flat()];
  const all = [...prefixes, ...texts, ...ranked.filter((value) => typeof value === "string")];
  const { prompt_tokens_count_column, output_tokens_count_column, turn_type_column, pooling_column, ...others } =
    columns;
  const { class_column: _class, ...rest } = others;
  return {
    requestId,
    columns: {
      ...rest,
      ...(texts.length > 0 ? { text_column: texts } : {}),
      ...(prefixes.length > 0 ? { prefix_column: prefixes } : {}),
      ...(pooling_column === undefined ? {} : { pooling_column: pooling_column.map(readPoolingBody) }),
    },
    turnType: turnType(turn_type_column?.[0]),
    inputMetrics: {
      ...UNKNOWN_USAGE,
      ...measureAudio(columns["audio_column"] ?? []),
      text_tokens: sumCounts(prompt_tokens_count_column, "prompt_tokens_count"),
      ...(all.length === 0 ? {} : measureTexts(all)),
    },
    outputMetrics: { ...UNKNOWN_USAGE, text_tokens: sumCounts(output_tokens_count_column, "output_tokens_count") },
  };
}

function refuseUnbuilt(columns: MappedTurn): void {
  const present = MEDIA.filter((name) => (columns[name]?.length ?? 0) > 0);
  if (present.length === 0) return;
  throw new DataError(`The data maps ${present.join(" and ")}, which this version cannot send yet.`, {
    code: "CORE_DATA_NOT_BUILT",
    hint: "Map only text columns with --data-column-mapper.",
  });
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
  const measured = texts.map(measureText);
  return {
    text_words: measured.reduce((sum, { text_words }) => sum + (text_words ?? 0), 0),
    text_characters: measured.reduce((sum, { text_characters }) => sum + (text_characters ?? 0), 0),
  };
}
