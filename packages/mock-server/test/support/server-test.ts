import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach } from "@jest/globals";
import type { MockServerOptionsInput } from "../../src/index.js";
import { type MockServer, startMockServer } from "../../src/index.js";

const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Starts a server on a free port, without delays unless asked for, that is closed after the test. */
export async function serve(options: MockServerOptionsInput = {}): Promise<MockServer> {
  const server = await startMockServer({ port: 0, ttft_ms: 0, itl_ms: 0, output_tokens: 4, ...options });
  open.push(() => server.close());
  return server;
}

/** Posts JSON, or text as it is. */
export function post(server: MockServer, path: string, body: unknown, headers = {}): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fetch(server.url + path, {
    method: "POST",
    body: text,
    headers: { "content-type": "application/json", ...headers },
  });
}

/** Body of a chat request. */
export function chat(more: object = {}): Record<string, unknown> {
  return { model: "goodput-mock", messages: [{ role: "user", content: "one two three" }], ...more };
}

/** Body of a completion request. */
export function completion(more: object = {}): Record<string, unknown> {
  return { model: "goodput-mock", prompt: "one two three", ...more };
}

/** One event of a stream; fields are as the wire has them. */
export interface WireEvent {
  readonly id: string;
  readonly object: string;
  readonly model: string;
  readonly choices: readonly {
    readonly text?: string;
    readonly delta?: { readonly role?: string; readonly content?: string; readonly reasoning_content?: string };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: Readonly<Record<string, unknown>>;
}

/** Events of a streamed body; the closing one as `[DONE]`. */
export function eventsOf(body: string): (WireEvent | "[DONE]")[] {
  const events = body.split("\n\n").filter((event) => event !== "");
  return events.map((event) => {
    const data = event.slice("data: ".length);
    return data === "[DONE]" ? data : (JSON.parse(data) as WireEvent);
  });
}

/** Events of a streamed reply, without the closing one. */
export async function streamOf(response: Response): Promise<WireEvent[]> {
  return eventsOf(await response.text()).filter((event) => event !== "[DONE]");
}

/** Text of each event that stands for tokens. */
export function tokenTexts(events: readonly WireEvent[]): string[] {
  return events.flatMap(({ choices: [choice] }) => {
    if (choice === undefined || choice.delta?.role !== undefined) return [];
    return [choice.text ?? (choice.delta?.reasoning_content ?? "") + (choice.delta?.content ?? "")];
  });
}

/** Turns of the event loop until the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** A bare connection with everything it has received. */
export interface RawConnection {
  readonly socket: Socket;
  readonly received: () => string;
}

/** Opens a bare connection and sends requests on it at once. */
export function sendRaw(
  server: MockServer,
  requests: readonly { path: string; body: object; headers?: Readonly<Record<string, string>> }[],
): RawConnection {
  const socket = connect(server.port, "127.0.0.1");
  open.push(() => socket.destroy());
  let received = "";
  socket.setEncoding("latin1").on("data", (piece: string) => {
    received += piece;
  });
  const texts = requests.map(({ path, body, headers = {} }) => {
    const json = JSON.stringify(body);
    const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return `POST ${path} HTTP/1.1\r\nhost: test\r\n${more.join("")}content-length: ${json.length}\r\n\r\n${json}`;
  });
  socket.write(texts.join(""));
  return { socket, received: () => received };
}

/** Status of a request whose body is announced as `bytes` long and never sent. */
export function statusForAnnounced(server: MockServer, path: string, bytes: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url + path, { method: "POST", headers: { "content-length": bytes } });
    sent.once("response", (response) => {
      response.resume();
      response.once("end", () => sent.destroy());
      resolve(response.statusCode);
    });
    sent.once("error", reject);
    sent.flushHeaders();
  });
}
