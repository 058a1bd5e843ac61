import type { ConversationEdge, ConversationGraph } from "@core/data";
import { SchedulerError } from "../errors.js";

/** What is worth knowing about a graph before it runs. Positions refer to `graph.nodes`. */
export interface GraphPlan {
  /** Positions in topological order, breadth first from the roots. */
  readonly order: readonly number[];
  /** Number of nodes before each one in that order, by position. */
  readonly precedingNodes: readonly number[];
  /** Positions of the nodes without parents; never empty. */
  readonly roots: readonly number[];
  /** Targets of the outgoing edges, by position: a target once for each edge. */
  readonly children: readonly (readonly number[])[];
  /** Incoming edges by position, in the order of `graph.edges`. */
  readonly incoming: readonly (readonly ResolvedEdge[])[];
  /** Longest chain of turns before each node, by position. */
  readonly turnIndex: readonly number[];
  /** Whether a later node shows this node's answer to the model, by position. */
  readonly answerIsShown: readonly boolean[];
}

/** An edge with the position of its source. */
export interface ResolvedEdge {
  readonly source: number;
  readonly historyContext: ConversationEdge["historyContext"];
}

const SINGLE_NODE: GraphPlan = Object.freeze({
  order: [0],
  precedingNodes: [0],
  roots: [0],
  children: [[]],
  incoming: [[]],
  turnIndex: [0],
  answerIsShown: [false],
});

/**
 * Analyses a graph.
 *
 * @throws {SchedulerError} CORE_SCHEDULER_BAD_GRAPH.
 */
export function planGraph(graph: ConversationGraph): GraphPlan {
  if (graph.nodes.length === 1 && graph.edges.length === 0) return SINGLE_NODE;
  const incoming = resolveEdges(graph);
  const children = childrenOf(incoming);
  const order = topologicalOrder(graph, incoming, children);
  const precedingNodes = new Array<number>(graph.nodes.length).fill(0);
  for (const [place, position] of order.entries()) precedingNodes[position] = place;
  const turnIndex = new Array<number>(graph.nodes.length).fill(0);
  const answerIsShown = new Array<boolean>(graph.nodes.length).fill(false);
  for (const position of order) {
    for (const edge of incoming[position] ?? []) {
      const before = edge.historyContext === "full" ? (turnIndex[edge.source] ?? 0) : 0;
      if (edge.historyContext === "new") continue;
      turnIndex[position] = Math.max(turnIndex[position] ?? 0, before + 1);
      answerIsShown[edge.source] = true;
    }
  }
  const roots = order.filter((position) => incoming[position]?.length === 0);
  return { order, precedingNodes, roots, children, incoming, turnIndex, answerIsShown };
}

function resolveEdges(graph: ConversationGraph): readonly (readonly ResolvedEdge[])[] {
  if (graph.nodes.length === 0) throw badGraph(graph, "has no nodes");
  const positions = new Map(graph.nodes.map((node, position) => [node.nodeId, position]));
  const incoming = graph.nodes.map((): ResolvedEdge[] => []);
  for (const edge of graph.edges) {
    const source = positions.get(edge.source);
    const target = incoming[positions.get(edge.target) ?? -1];
    if (source === undefined || target === undefined) {
      throw badGraph(graph, `has an edge from ${edge.source} to ${edge.target}, one of which is not among its nodes`);
    }
    if (edge.historyContext === "full" && target.some((other) => other.historyContext === "full")) {
      throw badGraph(graph, `gives the node ${edge.target} two parents with full history`);
    }
    target.push({ source, historyContext: edge.historyContext });
  }
  return incoming;
}

function childrenOf(incoming: readonly (readonly ResolvedEdge[])[]): readonly (readonly number[])[] {
  const children = incoming.map((): number[] => []);
  for (const [target, edges] of incoming.entries()) {
    for (const edge of edges) children[edge.source]?.push(target);
  }
  return children;
}

function topologicalOrder(
  graph: ConversationGraph,
  incoming: readonly (readonly ResolvedEdge[])[],
  children: readonly (readonly number[])[],
): readonly number[] {
  const open = incoming.map((edges) => edges.length);
  const order = open.flatMap((count, position) => (count === 0 ? [position] : []));
  for (let at = 0; at < order.length; at += 1) {
    for (const child of children[order[at] ?? -1] ?? []) {
      open[child] = (open[child] ?? 0) - 1;
      if (open[child] === 0) order.push(child);
    }
  }
  if (order.length === graph.nodes.length) return order;
  throw badGraph(graph, `has a cycle: ${graph.nodes.length - order.length} nodes cannot be reached`);
}

function badGraph(graph: ConversationGraph, problem: string): SchedulerError {
  return new SchedulerError(`The conversation ${graph.graphId} ${problem}.`, {
    code: "CORE_SCHEDULER_BAD_GRAPH",
    hint: "This is a defect of the data source, not of its contents.",
  });
}
