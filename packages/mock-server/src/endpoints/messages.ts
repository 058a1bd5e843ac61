import { answerGeneration } from "../answer-generation.js";
import type { Endpoint } from "../endpoint.js";
import type { RequestRefusal } from "../request-refusal.js";

/** Types of errors by status, as the API has them. */
const ERROR_TYPES: Readonly<Record<number, string>> = {
  401: "authentication_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  500: "api_error",
};

/** Messages of the API of Anthropic, streamed or whole. */
export const MESSAGES: Endpoint = {
  method: "POST",
  path: "/v1/messages",
  answer: (call) => answerGeneration("messages", call),
  errorBody: ({ status, message }: RequestRefusal) => ({
    type: "error",
    error: { type: ERROR_TYPES[status] ?? "invalid_request_error", message },
  }),
};
