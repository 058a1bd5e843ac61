import { type GenerationRequest, UNKNOWN_USAGE } from "@core/backend";
import type { ConversationEdge, ConversationGraph, NodeSettings } from "@core/data";
import type { GraphItem, GraphSource } from "../../src/engine/graph-source.js";

/** A plain request. */
export function requestOf(requestId: string): GenerationRequest {
  return {
    requestId,
    columns: {},
    turnType: "standard",
    inputMetrics: UNKNOWN_USAGE,
    outputMetrics: { ...UNKNOWN_USAGE, text_tokens: 5 },
  };
}

/** A conversation whose requests are named `<index>.<node>`, each following the one before. */
export function chainGraph(index: number, turns = 1): ConversationGraph {
  const names = Array.from({ length: turns }, (_, turn) => `${index}.${turn}`);
  const edges = names.slice(1).map(
    (target, at): ConversationEdge => ({
      source: names[at] ?? "",
      target,
      historyContext: "full",
    }),
  );
  return graphOf(String(index), names, edges);
}

/** A conversation of named nodes. */
export function graphOf(
  graphId: string,
  names: readonly string[],
  edges: readonly ConversationEdge[],
  requeueDelaySeconds: number | null = null,
  recorded: (at: number) => Partial<NodeSettings> = () => ({}),
): ConversationGraph {
  const settings = { relativeTimestampSeconds: null, requeueDelaySeconds, traceDurationSeconds: null };
  return {
    graphId,
    nodes: names.map((nodeId, at) => ({
      nodeId,
      agentId: "main",
      request: requestOf(nodeId),
      settings: { ...settings, ...recorded(at) },
    })),
    edges,
  };
}

/** Where the workers of a run get their conversations. */
export interface GraphData {
  onDemand(): GraphSource;
  slice(worker: number, workers: number): GraphSource;
}

const SILENT_SOURCE: GraphSource = { tryNext: () => null, next: () => new Promise(() => {}) };

/** Data from which nothing ever comes. */
export const SILENT_DATA: GraphData = { onDemand: () => SILENT_SOURCE, slice: () => SILENT_SOURCE };

/** Conversations in memory, handed out by slice or on demand to several workers. */
export class GraphList implements GraphData {
  readonly #graphs: (index: number) => ConversationGraph;
  readonly #count: number;
  #taken = 0;

  constructor(count: number, graphs: (index: number) => ConversationGraph = (index) => chainGraph(index)) {
    this.#count = count;
    this.#graphs = graphs;
  }

  /** A source that shares the list with all others made by this method. */
  onDemand(): GraphSource {
    return source(() => {
      this.#taken += 1;
      return this.#item(this.#taken - 1);
    });
  }

  /** A source of every `workers`-th conversation. */
  slice(worker: number, workers: number): GraphSource {
    let next = worker - workers;
    return source(() => {
      next += workers;
      return this.#item(next);
    });
  }

  #item(index: number): GraphItem | null {
    return index < this.#count ? { index, graph: this.#graphs(index) } : null;
  }
}

function source(take: () => GraphItem | null): GraphSource {
  return { tryNext: take, next: async () => take() };
}
