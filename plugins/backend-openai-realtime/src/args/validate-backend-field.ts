import { defineField, headersField, isMapping, type Reading, type Secret } from "@core/backend";
import * as v from "valibot";

/** Paths that may be named in place of a URL; with or without the leading slash. */
const ROUTES = ["/health", "/v1/models"] as const;

/** A request that checks the server. */
export interface ValidationRequest {
  /** URL, or a path below the target. */
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | Secret>> | null;
  /** JSON value sent as the body; null sends none. */
  readonly body: unknown;
}

/** What `validate_backend` may hold: whether to ask `/health`, a path or URL to ask, or a request. */
export type ValidateBackend = boolean | string | ValidationRequest;

type GivenValidateBackend = boolean | string | (Partial<ValidationRequest> & { readonly url: string });

const KEYS = new Set(["url", "method", "headers", "body"]);
const headers = headersField("Headers of the request.");

/** How the server is checked before the run. */
export function validateBackendField(description: string): v.GenericSchema<GivenValidateBackend, ValidateBackend> {
  const metadata = {
    typeText: "bool, URL or mapping",
    jsonSchema: { anyOf: [{ type: "boolean" }, { type: "string" }, { type: "object", required: ["url"] }] },
  };
  return defineField<ValidateBackend>(description, metadata, read) as unknown as v.GenericSchema<
    GivenValidateBackend,
    ValidateBackend
  >;
}

function read(input: unknown): Reading<ValidateBackend> {
  if (typeof input === "boolean") return { value: input };
  if (typeof input === "string") return readText(input.trim());
  if (input === 0 || input === 1) return { value: input === 1 };
  return isMapping(input) ? readRequest(input) : { problem: "must be true, false, a URL, or a mapping with url" };
}

function readText(text: string): Reading<ValidateBackend> {
  const word = text.toLowerCase();
  if (["", "false", "no", "off", "f", "n", "0"].includes(word)) return { value: false };
  if (["true", "yes", "on", "t", "y", "1"].includes(word)) return { value: true };
  const route = ROUTES.find((known) => known === text || known === `/${text}`);
  if (route !== undefined) return { value: route };
  return isHttpUrl(text) ? { value: text } : { problem: `must be true, false, ${ROUTES.join(", ")} or a URL` };
}

function readRequest(input: Readonly<Record<string, unknown>>): Reading<ValidateBackend> {
  const unknown = Object.keys(input).filter((key) => !KEYS.has(key));
  if (unknown.length > 0)
    return { problem: `takes url, method, headers and body, not ${unknown.join(", ")}`, isSecret: true };
  const { url, method = "GET", body = null } = input;
  if (typeof url !== "string" || !(url.startsWith("/") || isHttpUrl(url))) {
    return { problem: "must have url: a URL, or a path below the target", isSecret: true };
  }
  if (typeof method !== "string" || !/^[A-Za-z]+$/.test(method))
    return { problem: "method must be an HTTP method", isSecret: true };
  const given = v.safeParse(headers, input["headers"] ?? {});
  if (!given.success) return { problem: `headers ${given.issues[0]?.message ?? "are invalid"}`, isSecret: true };
  const hasHeaders = Object.keys(given.output).length > 0;
  return { value: { url, method: method.toUpperCase(), headers: hasHeaders ? given.output : null, body } };
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
