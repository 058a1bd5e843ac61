import { UNKNOWN_USAGE } from "@core/backend";
import type { ConversationEdge, ConversationGraph } from "@core/data";
import { describe, expect, test } from "@jest/globals";
import { planGraph } from "./graph-plan.js";
import { historyPositions } from "./history.js";

type Edge = readonly [source: string, target: string, historyContext: ConversationEdge["historyContext"]];

function graphOf(names: string, edges: readonly Edge[]): ConversationGraph {
  return {
    graphId: "g",
    nodes: names.split(" ").map((nodeId) => ({
      nodeId,
      agentId: "main",
      request: {
        requestId: nodeId,
        columns: {},
        turnType: "standard",
        inputMetrics: UNKNOWN_USAGE,
        outputMetrics: UNKNOWN_USAGE,
      },
      settings: { relativeTimestampSeconds: null, requeueDelaySeconds: null, traceDurationSeconds: null },
    })),
    edges: edges.map(([source, target, historyContext]) => ({ source, target, historyContext })),
  };
}

function describeGraph(graph: ConversationGraph) {
  const plan = planGraph(graph);
  const names = (positions: readonly number[] | null) =>
    positions === null ? null : positions.map((position) => graph.nodes[position]?.nodeId).join(" ");
  const byName = <T>(value: (position: number) => T) =>
    Object.fromEntries(graph.nodes.map((node, position) => [node.nodeId, value(position)]));
  return {
    order: names(plan.order),
    history: byName((position) => names(historyPositions(plan, position))),
    turn: byName((position) => plan.turnIndex[position]),
    shown: byName((position) => plan.answerIsShown[position]),
  };
}

const chain = (names: string): Edge[] =>
  names
    .split(" ")
    .slice(1)
    .map((name, at) => [names.split(" ")[at] ?? "", name, "full"]);

describe("history", () => {
  test("a chain shows everything before", () => {
    const { history, turn } = describeGraph(graphOf("a b c d", chain("a b c d")));
    expect(history).toEqual({ a: null, b: "a", c: "a b", d: "a b c" });
    expect(turn).toEqual({ a: 0, b: 1, c: 2, d: 3 });
  });

  test("branches start anew and come back by their last turn", () => {
    const edges: Edge[] = [
      ...chain("M1 M2 M3 M4"),
      ["M3", "W1", "new"],
      ["M3", "W2", "new"],
      ["W1", "M4", "last"],
      ["W2", "M4", "last"],
    ];
    const { history, turn, order, shown } = describeGraph(graphOf("M1 M2 M3 W1 W2 M4", edges));
    expect(history).toMatchObject({ W1: null, W2: null, M4: "M1 M2 M3 W1 W2" });
    expect(turn).toMatchObject({ W1: 0, M4: 3 });
    expect(order).toBe("M1 M2 M3 W1 W2 M4");
    expect(shown).toEqual({ M1: true, M2: true, M3: true, W1: true, W2: true, M4: false });
  });

  test("compaction: a node reached by last alone cuts the chain", () => {
    const edges: Edge[] = [...chain("A B C"), ["C", "D", "last"], ...chain("D E F")];
    const { history, turn } = describeGraph(graphOf("A B C D E F", edges));
    expect(history).toMatchObject({ D: "C", E: "D", F: "D E" });
    expect(turn).toMatchObject({ D: 1 });
  });

  test("last parents come in the order of the edges", () => {
    const edges: Edge[] = [
      ["b", "c", "last"],
      ["a", "c", "last"],
    ];
    expect(describeGraph(graphOf("a b c", edges)).history).toMatchObject({ c: "b a" });
  });

  test("a join keeps its place when later turns look back", () => {
    const edges: Edge[] = [...chain("A B C D"), ["X", "C", "last"]];
    expect(describeGraph(graphOf("A B X C D", edges)).history).toMatchObject({ C: "A B X", D: "A B X C" });
  });
});

test("a single node has no history and waits for nothing", () => {
  expect(describeGraph(graphOf("only", []))).toMatchObject({
    order: "only",
    history: { only: null },
    turn: { only: 0 },
  });
});

test.each([
  ["a cycle", graphOf("a b", [...chain("a b"), ["b", "a", "new"]]), "cycle: 2 nodes"],
  ["an edge to nowhere", graphOf("a b", [["a", "x", "full"]]), "from a to x"],
  [
    "two full parents",
    graphOf("a b c", [
      ["a", "c", "full"],
      ["b", "c", "full"],
    ]),
    "two parents",
  ],
  ["no nodes", { graphId: "g", nodes: [], edges: [] }, "no nodes"],
])("%s is refused", (_name, graph, message) => {
  expect(() => planGraph(graph)).toThrow(message);
});
