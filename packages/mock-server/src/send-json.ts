import type { ServerResponse } from "node:http";

/** Sends a value as JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(value);
  const own = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  response.writeHead(status, { ...own, ...headers }).end(body);
}
