import { once } from "node:events";
import { afterEach, describe, expect, test } from "@jest/globals";
import WebSocket from "ws";
import type { MockServer } from "../src/index.js";
import { serve, until } from "./support/server-test.js";

/** A client with all that it has received. */
interface Client {
  readonly webSocket: WebSocket;
  readonly events: Readonly<Record<string, unknown>>[];
  send(event: object | string): void;
  /** Waits for the next event of a type that has not been waited for. */
  event(type: string): Promise<Readonly<Record<string, unknown>>>;
}

const clients: WebSocket[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.terminate();
});

async function connect(server: MockServer, headers: Readonly<Record<string, string>> = {}): Promise<Client> {
  const webSocket = new WebSocket(`${server.url.replace("http", "ws")}/v1/realtime`, { headers });
  clients.push(webSocket);
  const events: Readonly<Record<string, unknown>>[] = [];
  const awaited = new Set<object>();
  webSocket.on("message", (data) => events.push(JSON.parse(String(data)) as Readonly<Record<string, unknown>>));
  await once(webSocket, "open");
  return {
    webSocket,
    events,
    send: (event) => webSocket.send(typeof event === "string" ? event : JSON.stringify(event)),
    event: async (type) => {
      const find = () => events.find((event) => event["type"] === type && !awaited.has(event));
      await until(() => find() !== undefined);
      const found = find() ?? {};
      awaited.add(found);
      return found;
    },
  };
}

/** Half a second. */
const AUDIO = Buffer.alloc(16_000).toString("base64");
const update = { type: "session.update", model: "goodput-mock" };
const append = { type: "input_audio_buffer.append", audio: AUDIO };
const commit = (final: boolean) => ({ type: "input_audio_buffer.commit", final });

function transcribe({ send }: Client): void {
  for (const event of [update, append, append, commit(false), commit(true)]) send(event);
}

/** Status with which a handshake is refused. */
async function refusal(server: MockServer, path: string): Promise<number | undefined> {
  const webSocket = new WebSocket(server.url.replace("http", "ws") + path);
  webSocket.on("error", () => {});
  const [, response] = (await once(webSocket, "unexpected-response")) as [unknown, { statusCode?: number }];
  webSocket.terminate();
  return response.statusCode;
}

describe("a transcription", () => {
  test("greets, answers with one delta per token, and closes with the whole text and usage", async () => {
    const server = await serve({ output_tokens: 3 });
    const client = await connect(server);
    await client.event("session.created");
    transcribe(client);
    const done = await client.event("transcription.done");
    const deltas = client.events.filter(({ type }) => type === "transcription.delta").map(({ delta }) => String(delta));
    expect(deltas).toHaveLength(3);
    expect(done).toMatchObject({
      text: deltas.join(""),
      usage: { prompt_tokens: 25, completion_tokens: 3, total_tokens: 28, seconds: 1 },
    });
    await until(() => server.truthLog()[0]?.completed === true);
    expect(server.truthLog()).toMatchObject([
      { ordinal: 0, path: "/v1/realtime", promptTokens: 25, outputTokens: 3, outcome: "completed" },
    ]);
    expect(server.truthLog()[0]?.tokenWritesNs).toHaveLength(3);
  });

  test("keeps its times from the end of the audio on", async () => {
    const server = await serve({ output_tokens: 3, ttft_ms: 4, itl_ms: 2 });
    const client = await connect(server);
    transcribe(client);
    await client.event("transcription.done");
    const [entry] = server.truthLog();
    const offsets = entry?.tokenWritesNs.map((at) => at - entry.arrivalNs) ?? [];
    expect(offsets.map((offset, index) => offset >= (4 + 2 * index) * 1e6)).toEqual([true, true, true]);
  });

  test("follows another on the same connection, from audio of its own", async () => {
    const server = await serve({});
    const client = await connect(server);
    transcribe(client);
    await client.event("transcription.done");
    for (const event of [append, commit(true)]) client.send(event);
    expect(await client.event("transcription.done")).toMatchObject({ usage: { prompt_tokens: 13 } });
    expect(server.truthLog().map(({ ordinal }) => ordinal)).toEqual([0, 1]);
  });

  test("is the same for the same seed", async () => {
    const texts = await Promise.all(
      [1, 2].map(async () => {
        const client = await connect(await serve({ output_tokens_std: 3 }));
        transcribe(client);
        return (await client.event("transcription.done"))["text"];
      }),
    );
    expect(texts[0]).toBe(texts[1]);
  });
});

describe("faults", () => {
  test("an injected error", async () => {
    const server = await serve({ error_rate: 1 });
    const client = await connect(server);
    transcribe(client);
    expect(await client.event("error")).toMatchObject({ code: "injected_error" });
    expect(server.truthLog()[0]?.outcome).toBe("error");
  });

  test("a cut connection", async () => {
    const server = await serve({ cut_rate: 1 });
    const client = await connect(server);
    const closed = once(client.webSocket, "close");
    transcribe(client);
    expect((await closed)[0]).toBe(1006);
    expect(server.truthLog()[0]?.outcome).toBe("cut");
  });

  test("a client that leaves", async () => {
    const server = await serve({ hang_rate: 1 });
    const client = await connect(server);
    transcribe(client);
    await until(() => server.truthLog().length === 1);
    client.webSocket.terminate();
    await until(() => server.truthLog()[0]?.outcome === "client_left");
    expect(server.truthLog()[0]?.endNs).not.toBeNull();
  });

  test.each<[string, object | string, string]>([
    ["no JSON", "oops", "invalid_json"],
    ["an unknown event", { type: "other" }, "unknown_event"],
    ["another model", { type: "session.update", model: "gpt" }, "model_not_found"],
    ["a commit before the session", commit(false), "model_not_validated"],
    ["audio that is no base64", { ...append, audio: "a-b" }, "invalid_audio"],
    ["audio of half a sample", { ...append, audio: Buffer.alloc(3).toString("base64") }, "invalid_audio"],
  ])("%s", async (_, event, code) => {
    const client = await connect(await serve());
    client.send(event);
    expect(await client.event("error")).toMatchObject({ code });
    transcribe(client);
    await client.event("transcription.done"); // the session goes on
  });

  test("the end of no audio, and an end while another is answered", async () => {
    const client = await connect(await serve({ hang_rate: 1 }));
    for (const event of [update, commit(true)]) client.send(event);
    expect(await client.event("error")).toMatchObject({ code: "empty_audio" });
    for (const event of [append, commit(true), append, commit(true)]) client.send(event);
    expect(await client.event("error")).toMatchObject({ code: "busy" });
  });
});

describe("the handshake", () => {
  test("of another path is refused", async () => {
    expect(await refusal(await serve(), "/v1/chat/completions")).toBe(404);
  });

  test("without the key is refused", async () => {
    const server = await serve({ api_key: "sk-1" });
    expect(await refusal(server, "/v1/realtime")).toBe(401);
    const client = await connect(server, { authorization: "Bearer sk-1" });
    await client.event("session.created");
  });
});
