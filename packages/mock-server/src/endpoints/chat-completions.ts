import { answerGeneration } from "../answer-generation.js";
import type { Endpoint } from "../endpoint.js";

/** Chat, streamed or whole. */
export const CHAT_COMPLETIONS: Endpoint = {
  method: "POST",
  path: "/v1/chat/completions",
  answer: (call) => answerGeneration("chat", call),
};
