import type { RequestOutcome } from "./request-outcome.js";
import type { RequestSample } from "./request-sample.js";
import type { Launch } from "./request-slot.js";

/** Builds the sample of a request that has ended. */
export function toSample(launch: Launch, outcome: RequestOutcome, worker: number, place: number): RequestSample {
  const { conversation, position, prepared } = launch.work;
  const node = conversation.node(position);
  return {
    index: launch.index,
    worker,
    place,
    conversationIndex: conversation.index,
    conversationId: conversation.id,
    nodeId: node.nodeId,
    agentId: node.agentId,
    parentNodeIds: (conversation.plan.incoming[position] ?? []).map((edge) => conversation.node(edge.source).nodeId),
    turnIndex: conversation.plan.turnIndex[position] ?? 0,
    precedingNodes: conversation.precedingNodes(position),
    historyLength: prepared?.history?.length ?? 0,
    settings: node.settings,
    status: outcome.status,
    request: node.request,
    response: outcome.response,
    failure: outcome.failure,
  };
}
