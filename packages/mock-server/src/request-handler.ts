import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { GenerationReply, type ReplyScope } from "./generation-reply.js";
import { type GenerationForm, readGenerationRequest, unknownModel } from "./generation-request.js";
import { readBody } from "./read-body.js";
import { CREATED_SECONDS } from "./reply-frames.js";
import { RequestRefusal } from "./request-refusal.js";

type Handle = (request: IncomingMessage, response: ServerResponse, arrivalNs: number) => void | Promise<void>;

const FORMS: Readonly<Record<string, GenerationForm>> = {
  "/v1/chat/completions": "chat",
  "/v1/completions": "completion",
};
const MODEL_PATH = "/v1/models/";

/** Answers the requests of one server. */
export class RequestHandler {
  readonly #scope: ReplyScope;
  #nextOrdinal = 0;

  constructor(scope: ReplyScope) {
    this.#scope = scope;
  }

  /** Answers one request; never throws. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const arrivalNs = this.#scope.clock.nowNs();
    this.#answer(request, response, arrivalNs).catch((error: unknown) => refuse(response, error));
  };

  /** Forgets all requests; the next one gets the ordinal 0, so that a run can be repeated. */
  reset(): void {
    this.#scope.truth.reset();
    this.#nextOrdinal = 0;
  }

  async #answer(request: IncomingMessage, response: ServerResponse, arrivalNs: number): Promise<void> {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    const route = this.#route(path);
    if (route === null) throw new RequestRefusal(404, `No such path: ${path.slice(0, 100)}`, { code: "not_found" });
    const [method, handle] = route;
    if (request.method !== method) {
      const message = `${path} takes ${method}, not ${request.method}.`;
      throw new RequestRefusal(405, message, { code: "method_not_allowed", headers: { allow: method } });
    }
    if (path.startsWith("/v1/")) this.#checkKey(request);
    await handle(request, response, arrivalNs);
  }

  #route(path: string): readonly ["GET" | "POST", Handle] | null {
    const form = FORMS[path];
    if (form !== undefined) return ["POST", this.#generate(path, form)];
    if (path.startsWith(MODEL_PATH)) return ["GET", (_, response) => this.#sendModel(path, response)];
    switch (path) {
      case "/v1/models":
        return ["GET", (_, response) => sendJson(response, 200, { object: "list", data: [this.#model()] })];
      case "/health":
        return ["GET", (_, response) => void response.writeHead(200, { "content-length": 0 }).end()];
      case "/metrics":
        return ["GET", (_, response) => this.#sendMetrics(response)];
      case "/truth":
        return ["GET", (_, response) => this.#sendTruth(response)];
      case "/truth/reset":
        return ["POST", (request, response) => this.#reset(request, response)];
      default:
        return null;
    }
  }

  #checkKey(request: IncomingMessage): void {
    const key = this.#scope.options.api_key;
    if (key === null || request.headers.authorization === `Bearer ${key.reveal()}`) return;
    const headers = { "www-authenticate": "Bearer" };
    throw new RequestRefusal(401, "The API key is missing or wrong.", { code: "invalid_api_key", headers });
  }

  #generate(path: string, form: GenerationForm): Handle {
    return async (request, response, arrivalNs) => {
      const ordinal = this.#nextOrdinal;
      this.#nextOrdinal += 1;
      const body = await readBody(request);
      const read = readGenerationRequest(form, body, this.#scope.options.model);
      new GenerationReply(this.#scope, { form, path, ordinal, arrivalNs, request: read }, response).begin();
    };
  }

  #model(): Readonly<Record<string, unknown>> {
    return { id: this.#scope.options.model, object: "model", created: CREATED_SECONDS, owned_by: "goodput" };
  }

  #sendModel(path: string, response: ServerResponse): void {
    const name = decode(path.slice(MODEL_PATH.length));
    if (name !== this.#scope.options.model) throw unknownModel(name);
    sendJson(response, 200, this.#model());
  }

  #sendMetrics(response: ServerResponse): void {
    const text = this.#scope.counters.toPrometheus(this.#scope.options.model);
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(text);
  }

  #sendTruth(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "application/json" });
    Readable.from(this.#scope.truth.jsonPieces()).pipe(response);
  }

  async #reset(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await readBody(request);
    this.reset();
    sendJson(response, 200, {});
  }
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // a stray percent sign: no model has this name
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const refusal =
    error instanceof RequestRefusal
      ? error
      : new RequestRefusal(500, String(error), { type: "server_error", code: "internal_error" });
  sendJson(response, refusal.status, refusal, refusal.headers);
}

function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(value);
  const own = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  response.writeHead(status, { ...own, ...headers }).end(body);
}
