import type { IncomingMessage, ServerResponse } from "node:http";
import type { CapturedRequests } from "./captured-requests.js";
import type { ReplyScope } from "./generation-reply.js";
import type { RequestRefusal } from "./request-refusal.js";
import type { ResponseStore } from "./response-store.js";

/** What the endpoints of one server share. */
export interface ServerScope extends ReplyScope {
  /** Notes the arrival of a request: number of the next request for an answer of the model, from 0; each call takes one. */
  takeOrdinal(arrivalNs: number): number;
  readonly responses: ResponseStore;
  readonly captured: CapturedRequests;
  /** Forgets all requests; the next one gets the ordinal 0, so that a run can be repeated. */
  reset(): void;
}

/** One request for an endpoint. */
export interface EndpointCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Path without the query, as it was sent. */
  readonly path: string;
  /** When its headers had been read, nanoseconds of `process.hrtime`. */
  readonly arrivalNs: number;
  readonly scope: ServerScope;
}

/** One path and what answers it. */
export interface Endpoint {
  readonly method: "GET" | "POST";
  /** A path that ends with a slash stands for everything below it. */
  readonly path: string;
  /** Answers one request; a {@link RequestRefusal} that is thrown becomes the answer. */
  readonly answer: (call: EndpointCall) => void | Promise<void>;
  /** Body of a refusal, where it is not in the shape of OpenAI. */
  readonly errorBody?: (refusal: RequestRefusal) => unknown;
}
