import type { Endpoint } from "../endpoint.js";
import { unknownModel } from "../generation-request.js";
import type { MockServerOptions } from "../mock-server-options.js";
import { CREATED_SECONDS } from "../reply-frames.js";
import { sendJson } from "../send-json.js";

/** The list with the one model. */
export const MODELS: Endpoint = {
  method: "GET",
  path: "/v1/models",
  answer: ({ response, scope }) => sendJson(response, 200, { object: "list", data: [describe(scope.options)] }),
};

/** The one model by its name, which may hold slashes. */
export const MODEL: Endpoint = {
  method: "GET",
  path: "/v1/models/",
  answer: ({ response, path, scope }) => {
    const name = decode(path.slice(MODEL.path.length));
    if (name !== scope.options.model) throw unknownModel(name);
    sendJson(response, 200, describe(scope.options));
  },
};

function describe({ model }: MockServerOptions): Readonly<Record<string, unknown>> {
  return { id: model, object: "model", created: CREATED_SECONDS, owned_by: "goodput" };
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // a stray percent sign: no model has this name
  }
}
