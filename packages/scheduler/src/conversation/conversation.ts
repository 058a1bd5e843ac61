import type { GenerationResponse, HistoryTurn } from "@core/backend";
import type { ConversationGraph, ConversationNode } from "@core/data";
import { type GraphPlan, planGraph } from "./graph-plan.js";
import { historyPositions } from "./history.js";

/** A conversation on its way: which of its requests are done, and what they answered. One request at a time. */
export class Conversation {
  /** Global index of the conversation in the data. */
  readonly index: number;
  readonly graph: ConversationGraph;
  readonly plan: GraphPlan;
  readonly receivedNs: number;
  readonly #completed = new Set<number>();
  readonly #responses = new Map<number, GenerationResponse>();
  readonly #endsNs = new Map<number, number>();
  #cursor = 0;

  /** @throws {SchedulerError} CORE_SCHEDULER_BAD_GRAPH, CORE_SCHEDULER_NOT_BUILT. */
  constructor(index: number, graph: ConversationGraph, receivedNs: number) {
    this.index = index;
    this.graph = graph;
    this.plan = planGraph(graph);
    this.receivedNs = receivedNs;
  }

  /** Position of the node whose turn it is; null when all have had theirs. */
  get position(): number | null {
    return this.plan.order[this.#cursor] ?? null;
  }

  /** The node at a position. */
  node(position: number): ConversationNode {
    const node = this.graph.nodes[position];
    if (node === undefined) throw new RangeError(`the conversation has no node ${position}`);
    return node;
  }

  /** Number of nodes before this one in the order of execution. */
  precedingNodes(position: number): number {
    return this.plan.order.indexOf(position);
  }

  /** When a node ended; NaN while it has not. */
  endedNs(position: number): number {
    return this.#endsNs.get(position) ?? Number.NaN;
  }

  /** When the last parent of a node ended; NaN for a node without parents. */
  predecessorCompletedNs(position: number): number {
    const ends = (this.plan.incoming[position] ?? []).map((edge) => this.endedNs(edge.source));
    return ends.length === 0 ? Number.NaN : Math.max(...ends);
  }

  /** Whether all parents of a node completed; if not, it can never run. */
  canRun(position: number): boolean {
    return (this.plan.incoming[position] ?? []).every((edge) => this.#completed.has(edge.source));
  }

  /** What a node shows to the model of earlier turns. */
  history(position: number): readonly HistoryTurn[] | null {
    const seen = historyPositions(this.plan, position);
    return seen?.map((at) => ({ request: this.node(at).request, response: this.#responses.get(at) ?? null })) ?? null;
  }

  /** Notes the end of the current node and moves to the next one. */
  finish(position: number, outcome: { completed: boolean; response: GenerationResponse | null; endNs: number }): void {
    this.#cursor += 1;
    this.#endsNs.set(position, outcome.endNs);
    if (outcome.completed) this.#completed.add(position);
    if (outcome.response !== null && this.plan.answerIsShown[position]) this.#responses.set(position, outcome.response);
  }
}
