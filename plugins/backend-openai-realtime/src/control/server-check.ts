import { BackendError, isMapping, SECRET_MASK } from "@core/backend";
import { httpUrl } from "../args/endpoint-urls.js";
import type { OpenAIWebSocketArgs } from "../args/openai-websocket-args.js";
import type { ValidationRequest } from "../args/validate-backend-field.js";
import { VERSION } from "../version.js";
import { askServer, type ControlReply } from "./http-request.js";

/** Longest wait for a health or model request, whatever `timeout` says. */
const LONGEST_WAIT_MS = 30_000;

/** Asks a server beside the load: for its health and its models. */
export class ServerCheck {
  readonly #args: OpenAIWebSocketArgs;
  readonly #redact: (text: string) => string;

  constructor(args: OpenAIWebSocketArgs, redact: (text: string) => string) {
    this.#args = args;
    this.#redact = redact;
  }

  /**
   * Sends the request that `validate_backend` asks for.
   *
   * @throws {BackendError} CORE_BACKEND_UNREACHABLE without a reply of status 200 to 299.
   */
  async validate(): Promise<void> {
    const request = toRequest(this.#args.validate_backend);
    if (request === null) return;
    const reply = await this.#ask(request);
    if (isSuccess(reply)) return;
    throw this.#unreachable(
      request,
      describe(reply),
      "validate_backend=false skips this check; a path or URL asks elsewhere.",
    );
  }

  /**
   * Identifiers that the server lists.
   *
   * @throws {BackendError} CORE_BACKEND_UNREACHABLE without a reply of status 200 to 299 that has a list.
   */
  async models(): Promise<readonly string[]> {
    const request = get("/v1/models");
    const reply = await this.#ask(request);
    const models = isSuccess(reply) ? modelsIn(reply.body) : null;
    if (models !== null) return models;
    throw this.#unreachable(request, describe(reply), "Name the model with model=….");
  }

  async #ask({ url, method, headers, body }: ValidationRequest): Promise<ControlReply> {
    const { target, timeout, verify } = this.#args;
    try {
      return await askServer({
        method,
        url: url.startsWith("/") ? httpUrl(target, url) : new URL(url),
        headers: {
          ...this.#ownHeaders(url),
          ...(body === null ? {} : { "content-type": "application/json" }),
          ...revealed(headers),
        },
        body: body === null ? "" : JSON.stringify(body),
        verify,
        timeoutMs: Math.min(timeout === null ? LONGEST_WAIT_MS : timeout * 1000, LONGEST_WAIT_MS),
      });
    } catch (error) {
      const { message, code, errors } = error as NodeJS.ErrnoException & { errors?: readonly Error[] };
      const said = message || errors?.[0]?.message || code || "unknown error";
      throw this.#unreachable(
        { url, method, headers, body },
        ` failed: ${said}`,
        "Check that the server runs and that target has the right host and port.",
      );
    }
  }

  /** The key goes to the target only. */
  #ownHeaders(url: string): Record<string, string> {
    const isOfTarget = url.startsWith("/") || new URL(url).origin === httpUrl(this.#args.target, "/").origin;
    const key = isOfTarget ? (this.#args.api_key?.reveal() ?? "") : "";
    return { "user-agent": `goodput/${VERSION}`, ...(key === "" ? {} : { authorization: `Bearer ${key}` }) };
  }

  #unreachable({ url, method }: ValidationRequest, what: string, hint: string): BackendError {
    const asked = url.startsWith("/") ? httpUrl(this.#args.target, url) : new URL(url);
    const where = `${method} ${asked.origin}${asked.pathname}`; // no query: it may hold a key
    return new BackendError(`The server cannot be validated: ${where}${this.#redact(what)}.`, {
      code: "CORE_BACKEND_UNREACHABLE",
      hint,
    });
  }
}

function get(url: string): ValidationRequest {
  return { url, method: "GET", headers: null, body: null };
}

function toRequest(given: OpenAIWebSocketArgs["validate_backend"]): ValidationRequest | null {
  if (given === false) return null;
  if (given === true) return get("/health");
  return typeof given === "string" ? get(given) : given;
}

function revealed(headers: ValidationRequest["headers"]): Record<string, string> {
  const entries = Object.entries(headers ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === "string" ? value : value.reveal()]));
}

function isSuccess({ status }: ControlReply): boolean {
  return status >= 200 && status < 300;
}

function describe({ status, body }: ControlReply): string {
  const shown = body.trim().replace(/\s+/g, " ").slice(0, 200);
  return ` answered with status ${status}${shown === "" ? "" : ` (${shown})`}`;
}

function modelsIn(body: string): readonly string[] | null {
  const parsed = parse(body);
  const data = isMapping(parsed) ? parsed["data"] : null;
  if (!Array.isArray(data)) return null;
  return data.flatMap((entry: unknown) =>
    isMapping(entry) && typeof entry["id"] === "string" && entry["id"] !== "" ? [entry["id"]] : [],
  );
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** Masks the configured secrets in what a server says, which may echo them. */
export function createRedactor({ api_key, validate_backend }: OpenAIWebSocketArgs): (text: string) => string {
  const given = typeof validate_backend === "object" ? Object.values(revealed(validate_backend.headers)) : [];
  const secrets = [api_key?.reveal() ?? "", ...given].filter((secret) => secret.length >= 8); // shorter ones are words
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, SECRET_MASK), text);
}
