import { answerGeneration } from "../answer-generation.js";
import type { Endpoint } from "../endpoint.js";

/** Responses with typed events, streamed or whole; the conversation is kept. */
export const RESPONSES: Endpoint = {
  method: "POST",
  path: "/v1/responses",
  answer: (call) => answerGeneration("responses", call),
};
