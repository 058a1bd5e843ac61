import { answerGeneration } from "../answer-generation.js";
import type { Endpoint } from "../endpoint.js";

/** Completions of one prompt, streamed or whole. */
export const COMPLETIONS: Endpoint = {
  method: "POST",
  path: "/v1/completions",
  answer: (call) => answerGeneration("completion", call),
};
