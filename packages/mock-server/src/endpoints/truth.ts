import { Readable } from "node:stream";
import type { Endpoint } from "../endpoint.js";
import { readBody } from "../read-body.js";
import { sendJson } from "../send-json.js";

/** What was written when. */
export const TRUTH: Endpoint = {
  method: "GET",
  path: "/truth",
  answer: ({ response, scope }) => {
    response.writeHead(200, { "content-type": "application/json" });
    Readable.from(scope.truth.jsonPieces()).pipe(response);
  },
};

/** Starts again with the first request of the seed. */
export const TRUTH_RESET: Endpoint = {
  method: "POST",
  path: "/truth/reset",
  answer: async ({ request, response, scope }) => {
    await readBody(request);
    scope.reset();
    sendJson(response, 200, {});
  },
};
