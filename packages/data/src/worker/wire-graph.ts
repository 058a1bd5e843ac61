import { type GenerationRequest, UNKNOWN_USAGE, type UsageMetrics, unknownUsage } from "@core/backend";
import { type ConversationEdge, type ConversationNode, NO_SETTINGS, type NodeSettings } from "../graph.js";
import type { NumberedGraph } from "../pipeline.js";

/**
 * A conversation on its way to another thread. Perf: lists instead of objects, and nothing of what is unknown: reading the
 * message costs by its names, and the forty counters of a request are null save a few.
 */
export type WireGraph = readonly [
  index: number,
  graphId: string,
  nodes: readonly WireNode[],
  /** Null for none. */
  edges: readonly ConversationEdge[] | null,
];

type WireNode = readonly [
  nodeId: string,
  agentId: string,
  requestId: string,
  turnType: GenerationRequest["turnType"],
  columns: GenerationRequest["columns"],
  input: WireUsage,
  output: WireUsage,
  /** Null when all of them are. */
  settings: NodeSettings | null,
  classId: number | null,
];

/** Position among the counters and value, in turn, of those that are known. */
type WireUsage = readonly number[];

const COUNTERS = Object.keys(UNKNOWN_USAGE) as readonly (keyof UsageMetrics)[];
const TEXT_TOKENS = COUNTERS.indexOf("text_tokens");
const NO_EDGES: readonly ConversationEdge[] = Object.freeze([]);

/** What is sent of a conversation. */
export function toWire({ index, graph }: NumberedGraph): WireGraph {
  return [index, graph.graphId, graph.nodes.map(toWireNode), graph.edges.length === 0 ? null : graph.edges];
}

function toWireNode({ nodeId, agentId, request, settings, classId }: ConversationNode): WireNode {
  const { requestId, turnType, columns, inputMetrics, outputMetrics } = request;
  const input = toWireUsage(inputMetrics);
  const output = toWireUsage(outputMetrics);
  const told = isEmpty(settings) ? null : settings;
  return [nodeId, agentId, requestId, turnType, columns, input, output, told, classId ?? null];
}

function toWireUsage(usage: UsageMetrics): WireUsage {
  const known: number[] = [];
  for (let at = 0; at < COUNTERS.length; at += 1) {
    const value = usage[COUNTERS[at] as keyof UsageMetrics];
    if (value !== null) known.push(at, value);
  }
  return known;
}

function isEmpty(settings: NodeSettings): boolean {
  return (
    settings.relativeTimestampSeconds === null &&
    settings.requeueDelaySeconds === null &&
    settings.traceDurationSeconds === null
  );
}

/** Makes conversations again of what was sent. What many have in common is one frozen object. */
export class WireGraphReader {
  /** The latest output counters with nothing but a length. */
  #sameLength: UsageMetrics = UNKNOWN_USAGE;

  /** The conversation that was sent. */
  read([index, graphId, nodes, edges]: WireGraph): NumberedGraph {
    return { index, graph: { graphId, nodes: nodes.map(this.#node), edges: edges ?? NO_EDGES } };
  }

  readonly #node = (wire: WireNode): ConversationNode => {
    const [nodeId, agentId, requestId, turnType, columns, input, output, settings, classId] = wire;
    const inputMetrics = fromWireUsage(input);
    const request = { requestId, columns, turnType, inputMetrics, outputMetrics: this.#output(output) };
    const node = { nodeId, agentId, request, settings: settings ?? NO_SETTINGS };
    return classId === null ? node : { ...node, classId };
  };

  #output(wire: WireUsage): UsageMetrics {
    if (wire.length !== 2 || wire[0] !== TEXT_TOKENS) return fromWireUsage(wire);
    if (wire[1] !== this.#sameLength.text_tokens) this.#sameLength = Object.freeze(fromWireUsage(wire));
    return this.#sameLength;
  }
}

function fromWireUsage(wire: WireUsage): UsageMetrics {
  const usage = unknownUsage();
  for (let at = 0; at < wire.length; at += 2) {
    usage[COUNTERS[wire[at] as number] as keyof UsageMetrics] = wire[at + 1] as number;
  }
  return usage;
}
