import type { Endpoint } from "../endpoint.js";
import { sendJson } from "../send-json.js";

/** The newest requests as they came. */
export const CAPTURED: Endpoint = {
  method: "GET",
  path: "/captured",
  answer: ({ response, scope }) => sendJson(response, 200, scope.captured.list()),
};
