import { isCredentialHeader, SECRET_MASK, Secret } from "@core/backend";
import type { OpenAIHttpArgs } from "./args/openai-http-args.js";
import { FORM_CONTENT_TYPE } from "./call/encode-form.js";
import { VERSION } from "./version.js";

/** Headers of every request. */
export interface RequestHeaders {
  /** Names and values in turn, secrets revealed: for the socket only. */
  readonly wire: readonly string[];
  /** The same for a request with files, whose content type has to name its boundary. */
  readonly form: readonly string[];
  /** The configured ones for reports, credentials masked; null when there are none. */
  readonly shown: Readonly<Record<string, string>> | null;
  /** Names of those that carry credentials. */
  readonly credentials: readonly string[];
  /** Masks every configured secret in a text of the server, which may echo it. */
  readonly redact: (text: string) => string;
}

/**
 * Puts the headers together; names compare without regard to case, and configured ones win.
 *
 * @param ofFormat - Headers that the request format has, given the key; empty when there is none.
 */
export function requestHeaders(
  args: OpenAIHttpArgs,
  ofFormat: (key: string) => Readonly<Record<string, string>> = () => ({}),
): RequestHeaders {
  const key = args.api_key?.reveal() ?? "";
  const headers = new Map<string, readonly [name: string, value: string]>();
  const set = (name: string, value: string) => headers.set(name.toLowerCase(), [name, value]);
  set("accept", "text/event-stream, application/json, */*");
  set("content-type", "application/json");
  set("user-agent", `goodput/${VERSION}`);
  if (key !== "") set("authorization", `Bearer ${key}`);
  const fromFormat = Object.entries(ofFormat(key));
  for (const [name, value] of fromFormat) set(name, value);
  const given = Object.entries(args.extras?.headers ?? {});
  for (const [name, value] of given) set(name, revealed(value));
  const isSecret = (name: string, value: unknown) => Secret.isInstance(value) || isCredentialHeader(name);
  const secrets = given.filter(([name, value]) => isSecret(name, value)).map(([, value]) => revealed(value));
  return {
    redact: redactor([key, ...secrets]),
    wire: [...headers.values()].flat(),
    form: [...new Map(headers).set("content-type", ["content-type", FORM_CONTENT_TYPE]).values()].flat(),
    shown:
      given.length === 0
        ? null
        : Object.fromEntries(given.map(([name, value]) => [name, isSecret(name, value) ? SECRET_MASK : String(value)])),
    credentials: [
      "authorization",
      ...[...fromFormat, ...given].filter(([name, value]) => isSecret(name, value)).map(([name]) => name),
    ],
  };
}

function revealed(value: string | Secret): string {
  return typeof value === "string" ? value : value.reveal();
}

function redactor(secrets: readonly string[]): (text: string) => string {
  // also without a scheme such as `Bearer`; what is shorter would mask ordinary words
  const parts = secrets.flatMap((secret) => [secret, ...secret.split(/\s+/)]).filter((part) => part.length >= 8);
  return (text) => parts.reduce((masked, part) => masked.replaceAll(part, SECRET_MASK), text);
}
