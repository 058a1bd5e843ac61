import type { GenerationResponse, HistoryTurn } from "@core/backend";
import type { ConversationGraph, ConversationNode } from "@core/data";
import { type GraphPlan, planGraph } from "./graph-plan.js";
import { historyPositions } from "./history.js";

/** A node that may be sent, and from when on. */
export interface ReadyNode {
  readonly position: number;
  /** End of the last parent plus the think time after it, nanoseconds. */
  readonly readyNs: number;
}

/** How a node ended. */
export interface NodeEnd {
  readonly completed: boolean;
  readonly response: GenerationResponse | null;
  readonly endNs: number;
}

/** What has to be kept of a conversation with more than one node, by position. */
interface Progress {
  /** NaN while a node has not ended. */
  readonly endsNs: Float64Array;
  /** Parents that have not completed. */
  readonly pending: Uint32Array;
  /** 1 for a node that can never run. */
  readonly lost: Uint8Array;
  readonly responses: (GenerationResponse | undefined)[];
  readonly newlyReady: ReadyNode[];
  readonly newlyLost: number[];
}

/** A conversation on its way: which of its requests have ended, what they answered, and which may follow. */
export class Conversation {
  /** Global index of the conversation in the data. */
  readonly index: number;
  readonly plan: GraphPlan;
  readonly receivedNs: number;
  // Perf: most conversations are a single request, which needs none of it.
  readonly #progress: Progress | null;
  #graph: ConversationGraph | null;
  #unfinished: number;
  #closed = false;

  /** @throws {SchedulerError} CORE_SCHEDULER_BAD_GRAPH. */
  constructor(index: number, graph: ConversationGraph, receivedNs: number) {
    this.index = index;
    this.#graph = graph;
    this.plan = planGraph(graph);
    this.receivedNs = receivedNs;
    this.#unfinished = graph.nodes.length;
    this.#progress = graph.nodes.length === 1 ? null : progressOf(this.plan);
  }

  /** Identifier of the conversation in the data. */
  get id(): string {
    return this.#known().graphId;
  }

  /** The node at a position. */
  node(position: number): ConversationNode {
    const node = this.#known().nodes[position];
    if (node === undefined) throw new RangeError(`the conversation has no node ${position}`);
    return node;
  }

  /** Number of nodes before this one in topological order. */
  precedingNodes(position: number): number {
    return this.plan.precedingNodes[position] ?? 0;
  }

  /** When a node ended; NaN while it has not. */
  endedNs(position: number): number {
    return this.#progress?.endsNs[position] ?? Number.NaN;
  }

  /** When the last parent of a node ended; NaN for a node without parents, or while one has not ended. */
  predecessorCompletedNs(position: number): number {
    let lastNs = Number.NaN;
    for (const { source } of this.plan.incoming[position] ?? []) {
      const endNs = this.endedNs(source);
      if (Number.isNaN(endNs)) return endNs;
      if (!(lastNs > endNs)) lastNs = endNs;
    }
    return lastNs;
  }

  /** What a node shows to the model of earlier turns. */
  history(position: number): readonly HistoryTurn[] | null {
    const seen = historyPositions(this.plan, position);
    const responses = this.#progress?.responses;
    return seen?.map((at) => ({ request: this.node(at).request, response: responses?.[at] ?? null })) ?? null;
  }

  /**
   * Notes the end of a node, once for each. Nodes of which this was the last parent become ready; nodes that depend on it
   * can never run when it did not complete. Both are then to be taken.
   */
  finish(position: number, { completed, response, endNs }: NodeEnd): void {
    this.#unfinished -= 1;
    const progress = this.#progress;
    if (progress === null) return;
    const { endsNs, pending, lost, responses, newlyReady, newlyLost } = progress;
    endsNs[position] = endNs;
    if (response !== null && this.plan.answerIsShown[position]) responses[position] = response;
    for (const child of this.plan.children[position] ?? []) {
      if (completed) {
        pending[child] = (pending[child] ?? 0) - 1;
        if (pending[child] === 0) newlyReady.push({ position: child, readyNs: endNs + this.#thinkTimeNs(position) });
      } else if (lost[child] === 0) {
        lost[child] = 1;
        newlyLost.push(child);
      }
    }
  }

  /** A node that can never run, each once; null when there is none now. The caller finishes it. */
  takeLost(): number | null {
    return this.#progress?.newlyLost.shift() ?? null;
  }

  /** A node that has become ready, each once, in the order of the data; null when there is none now. */
  takeReady(): ReadyNode | null {
    return this.#progress?.newlyReady.shift() ?? null;
  }

  /** True once, when all nodes have ended. */
  close(): boolean {
    if (this.#closed || this.#unfinished > 0) return false;
    this.#closed = true;
    return true;
  }

  /** Lets go of a conversation that is a single request, once that was sent: no other request will show it. */
  forget(): void {
    if (this.#progress === null) this.#graph = null;
  }

  #known(): ConversationGraph {
    if (this.#graph === null) throw new Error("the conversation was forgotten");
    return this.#graph;
  }

  #thinkTimeNs(position: number): number {
    return (this.node(position).settings.requeueDelaySeconds ?? 0) * 1e9;
  }
}

function progressOf(plan: GraphPlan): Progress {
  const nodes = plan.order.length;
  return {
    endsNs: new Float64Array(nodes).fill(Number.NaN),
    pending: Uint32Array.from(plan.incoming, (edges) => edges.length),
    lost: new Uint8Array(nodes),
    responses: new Array<GenerationResponse | undefined>(nodes),
    newlyReady: [],
    newlyLost: [],
  };
}
