import type { Endpoint } from "../endpoint.js";

/** Counters in the text format of Prometheus. */
export const METRICS: Endpoint = {
  method: "GET",
  path: "/metrics",
  answer: ({ response, scope }) => {
    const text = scope.counters.toPrometheus(scope.options.model, scope.admission);
    response.writeHead(200, { "content-type": "text/plain; version=1.0.0; charset=utf-8" }).end(text);
  },
};
