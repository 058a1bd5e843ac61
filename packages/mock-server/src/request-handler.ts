import type { IncomingMessage, ServerResponse } from "node:http";
import type { CapturedRequests } from "./captured-requests.js";
import type { Endpoint, EndpointCall, ServerScope } from "./endpoint.js";
import { endpointOf } from "./endpoints.js";
import { breakConnection } from "./failures/break-connection.js";
import { headerFailure } from "./failures/choose-failure.js";
import type { ReplyScope } from "./generation-reply.js";
import { RequestRefusal } from "./request-refusal.js";
import { ResponseStore } from "./response-store.js";
import { sendJson } from "./send-json.js";

/** Answers the requests of one server. */
export class RequestHandler {
  /** What everything that answers shares. */
  readonly scope: ServerScope;
  #nextOrdinal = 0;

  constructor(scope: ReplyScope & { readonly captured: CapturedRequests }) {
    const takeOrdinal = (arrivalNs: number) => this.takeOrdinal(arrivalNs);
    this.scope = { ...scope, takeOrdinal, responses: new ResponseStore(), reset: () => this.reset() };
  }

  /** Answers one request; never throws. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const arrivalNs = this.scope.clock.nowNs();
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    this.#noteArrival(request, arrivalNs);
    const endpoint = endpointOf(path);
    const call = { request, response, path, arrivalNs, scope: this.scope };
    this.#answer(endpoint, call).catch((error: unknown) => refuse(response, error, endpoint));
  };

  /** Forgets all requests; the next one gets the ordinal 0, so that a run can be repeated. */
  reset(): void {
    this.scope.truth.reset();
    this.scope.responses.reset();
    this.scope.captured.reset();
    this.scope.incidents.reset();
    this.scope.engine?.reset();
    this.scope.prefixCache?.reset();
    this.#nextOrdinal = 0;
  }

  /** Notes the arrival of a request: its number. */
  takeOrdinal(arrivalNs: number): number {
    this.scope.incidents.begin(arrivalNs);
    const ordinal = this.#nextOrdinal;
    this.#nextOrdinal += 1;
    return ordinal;
  }

  async #answer(endpoint: Endpoint | null, call: EndpointCall): Promise<void> {
    const { request, path } = call;
    if (breaksOnConnect(call)) return;
    if (endpoint === null) throw new RequestRefusal(404, `No such path: ${path.slice(0, 100)}`, { code: "not_found" });
    if (request.method !== endpoint.method) {
      const message = `${path} takes ${endpoint.method}, not ${request.method}.`;
      throw new RequestRefusal(405, message, { code: "method_not_allowed", headers: { allow: endpoint.method } });
    }
    if (path.startsWith("/v1/")) this.checkKey(request);
    await endpoint.answer(call);
  }

  #noteArrival(request: IncomingMessage, arrivalNs: number): void {
    this.scope.captured.watch(request, arrivalNs);
    if (!this.scope.options.log_request_received) return;
    const { remoteAddress, remotePort } = request.socket;
    process.stderr.write(`${request.method} ${request.url} from ${remoteAddress}:${remotePort}\n`);
  }

  /** @throws {RequestRefusal} 401 for a request without the key. */
  checkKey(request: IncomingMessage): void {
    const key = this.scope.options.api_key;
    if (key === null) return;
    const { authorization, "x-api-key": bare } = request.headers;
    if (authorization === `Bearer ${key.reveal()}` || bare === key.reveal()) return;
    const headers = { "www-authenticate": "Bearer" };
    throw new RequestRefusal(401, "The API key is missing or wrong.", { code: "invalid_api_key", headers });
  }
}

/** A header cannot break a connection before it is read; the least that can be done is to read nothing else. */
function breaksOnConnect({ request, response }: EndpointCall): boolean {
  const failure = headerFailure(request.headers);
  if (failure?.at !== "connect") return false;
  breakConnection(response, failure.do === "reset" ? "reset" : "cut");
  return true;
}

function refuse(response: ServerResponse, error: unknown, endpoint: Endpoint | null): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const refusal =
    error instanceof RequestRefusal
      ? error
      : new RequestRefusal(500, String(error), { type: "server_error", code: "internal_error" });
  sendJson(response, refusal.status, endpoint?.errorBody?.(refusal) ?? refusal, refusal.headers);
}
