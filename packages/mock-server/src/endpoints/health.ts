import type { Endpoint } from "../endpoint.js";

/** Answered as vLLM does: status 200 and nothing else. */
export const HEALTH: Endpoint = {
  method: "GET",
  path: "/health",
  answer: ({ response }) => void response.writeHead(200, { "content-length": 0 }).end(),
};
