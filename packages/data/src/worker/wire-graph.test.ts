import { type TurnType, UNKNOWN_USAGE, type UsageMetrics } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ConversationGraph } from "../graph.js";
import { toWire, WireGraphReader } from "./wire-graph.js";

const counters = Object.keys(UNKNOWN_USAGE) as (keyof UsageMetrics)[];
const amount = fc.option(fc.double({ min: 0, noNaN: true }), { nil: null });
const usage = fc
  .dictionary(fc.constantFrom(...counters), amount)
  .map((known): UsageMetrics => ({ ...UNKNOWN_USAGE, ...known }));
const turnTypes: readonly TurnType[] = ["standard", "client_tool_call", "tool_response_injection", "server_tool_call"];

const node = fc.record(
  {
    nodeId: fc.string(),
    agentId: fc.string(),
    request: fc.record({
      requestId: fc.string(),
      columns: fc.dictionary(
        fc.constantFrom("text_column", "audio_column", "tools_column"),
        fc.array(fc.oneof(fc.string(), fc.double(), fc.uint8Array(), fc.record({ audio: fc.uint8Array() }))),
      ),
      turnType: fc.constantFrom(...turnTypes),
      inputMetrics: usage,
      outputMetrics: usage,
    }),
    settings: fc.record({
      relativeTimestampSeconds: amount,
      requeueDelaySeconds: amount,
      traceDurationSeconds: amount,
    }),
    classId: fc.nat(),
  },
  { requiredKeys: ["nodeId", "agentId", "request", "settings"] },
);

const graph: fc.Arbitrary<ConversationGraph> = fc.record({
  graphId: fc.string(),
  nodes: fc.array(node, { maxLength: 3 }),
  edges: fc.array(
    fc.record({
      source: fc.string(),
      target: fc.string(),
      historyContext: fc.constantFrom("full" as const, "last" as const, "new" as const),
    }),
    { maxLength: 3 },
  ),
});

describe("toWire and WireGraphReader", () => {
  test("what is read is what was sent, through a structured clone", () => {
    const reader = new WireGraphReader();
    fc.assert(
      fc.property(fc.nat(), graph, (index, sent) => {
        const read = reader.read(structuredClone(toWire({ index, graph: sent })));
        expect(read).toEqual({ index, graph: sent });
        for (const { request } of read.graph.nodes) {
          expect(Object.keys(request.inputMetrics)).toEqual(counters);
          expect(Object.keys(request.outputMetrics)).toEqual(counters);
        }
      }),
    );
  });

  test("a requested length is kept apart from that of the request before", () => {
    const reader = new WireGraphReader();
    const lengths = [5, 5, 7, null, 5];
    const read = lengths.map((text_tokens, index) => {
      const outputMetrics = { ...UNKNOWN_USAGE, text_tokens };
      const request = {
        requestId: "r",
        columns: {},
        turnType: "standard",
        inputMetrics: UNKNOWN_USAGE,
        outputMetrics,
      } as const;
      const settings = { relativeTimestampSeconds: null, requeueDelaySeconds: null, traceDurationSeconds: null };
      const nodes = [{ nodeId: "n", agentId: "a", request, settings }];
      return reader.read(toWire({ index, graph: { graphId: "g", nodes, edges: [] } })).graph.nodes[0]?.request
        .outputMetrics;
    });
    expect(read.map((output) => output?.text_tokens)).toEqual(lengths);
    expect(read[0]).toBe(read[1]);
  });
});
