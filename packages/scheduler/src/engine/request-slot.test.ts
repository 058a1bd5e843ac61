import { createClock, StampMemory } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import { chainGraph } from "../../test/support/graphs.js";
import { Conversation } from "../conversation/conversation.js";
import { type Launch, RequestSlot } from "./request-slot.js";
import { prepareNode } from "./work-queue.js";

function launchOf(turns: number): Launch {
  const conversation = new Conversation(0, chainGraph(0, turns), 0);
  const node = { position: 0, readyNs: 0, alongside: [] };
  const work = prepareNode({ prepare: (request, history) => ({ request, history }) }, conversation, node);
  return { work, index: 0, intendedNs: 0, stream: null };
}

describe("takePrepared", () => {
  const slot = new RequestSlot(createClock(process.hrtime.bigint()), new StampMemory());

  test("leaves a single request to the backend, and what its record says to the slot", () => {
    const launch = launchOf(1);
    const { prepared, conversation } = launch.work;
    const { request } = conversation.node(0);
    slot.begin(launch, null);
    expect(slot.takePrepared()).toBe(prepared);
    expect(launch.work.prepared).toBeNull();
    expect(() => conversation.node(0)).toThrow("forgotten");
    expect(slot).toMatchObject({
      turnType: "standard",
      inputMetrics: request.inputMetrics,
      outputMetrics: request.outputMetrics,
    });
  });

  test("keeps a request whose texts are sampled", () => {
    const launch = launchOf(1);
    const { prepared, conversation } = launch.work;
    slot.begin(launch, 3);
    expect(slot.takePrepared()).toBe(prepared);
    expect(launch.work.prepared).toBe(prepared);
    expect(conversation.node(0).nodeId).toBe("0.0");
  });

  test("keeps a conversation that goes on", () => {
    const launch = launchOf(2);
    slot.begin(launch, null);
    slot.takePrepared();
    expect(launch.work.conversation.node(1).nodeId).toBe("0.1");
  });
});
