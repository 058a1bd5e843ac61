import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** A small request beside the load. */
export interface ControlRequest {
  readonly method: string;
  readonly url: URL;
  /** With credentials: for the socket only. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text of the body; empty sends none. */
  readonly body: string;
  /** Check TLS certificates. */
  readonly verify: boolean;
  readonly timeoutMs: number;
}

/** What came back. */
export interface ControlReply {
  readonly status: number;
  readonly body: string;
}

const MOST_BODY_CHARACTERS = 16 * 1024 * 1024;

/** Asks over a connection of its own. @throws {Error} When no whole reply arrives within the limit. */
export function askServer({ method, url, headers, body, verify, timeoutMs }: ControlRequest): Promise<ControlReply> {
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false as const, signal: AbortSignal.timeout(timeoutMs) };
    const request =
      url.protocol === "https:"
        ? requestHttps(url, { ...options, rejectUnauthorized: verify })
        : requestHttp(url, options);
    request.on("error", (error) => {
      reject(error.name === "AbortError" ? new Error(`no whole reply within ${timeoutMs} ms`) : error);
    });
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        text += piece;
        if (text.length > MOST_BODY_CHARACTERS) response.destroy(new Error("the reply is too large"));
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.on("error", reject);
    });
    request.end(body);
  });
}
