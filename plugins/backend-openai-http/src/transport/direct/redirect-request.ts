import type { WireRequest } from "../transport.js";

/** Headers that describe a body. */
const BODY_HEADERS = new Set(["content-type", "content-encoding", "content-language", "content-location"]);

/** A request after a redirect, and where it goes. */
export interface RedirectedRequest {
  readonly url: URL;
  readonly request: WireRequest;
}

/**
 * The request that follows a redirect: 301 and 302 turn POST into GET, 303 everything but HEAD (RFC 9110, section 15.4).
 * Credentials and the host do not go to another origin.
 *
 * @returns Null when the location is not a URL of http or https.
 */
export function redirectRequest(
  request: WireRequest,
  from: URL,
  { status, location }: { readonly status: number; readonly location: string },
  credentialHeaders: readonly string[],
): RedirectedRequest | null {
  const url = URL.parse(location, `${from.origin}${request.path}`);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return null;
  const { method } = request;
  const becomesGet = ((status === 301 || status === 302) && method === "POST") || (status === 303 && method !== "HEAD");
  const secret = new Set(["host", "cookie", "authorization", "proxy-authorization", ...credentialHeaders.map(lower)]);
  const isKept = (name: string): boolean =>
    !(becomesGet && BODY_HEADERS.has(lower(name))) && !(url.origin !== from.origin && secret.has(lower(name)));
  const headers: string[] = [];
  for (let at = 0; at + 1 < request.headers.length; at += 2) {
    const name = request.headers[at] ?? "";
    if (isKept(name)) headers.push(name, request.headers[at + 1] ?? "");
  }
  return {
    url,
    request: {
      method: becomesGet ? "GET" : method,
      path: `${url.pathname}${url.search}`,
      headers,
      body: becomesGet ? new Uint8Array() : request.body,
    },
  };
}

function lower(text: string): string {
  return text.toLowerCase();
}
