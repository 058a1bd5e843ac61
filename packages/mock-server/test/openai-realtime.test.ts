import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "@jest/globals";
import OpenAI from "openai";
import { OpenAIRealtimeError } from "openai/realtime/index";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import { type MockServer, type MockServerOptionsInput } from "../src/index.js";
import { serve } from "./support/server-test.js";

const FIXTURES = "../../../plugins/backend-openai-http/src/__fixtures__";
const pem = (part: string) => fileURLToPath(new URL(`${FIXTURES}/self-signed-test-only.${part}.pem`, import.meta.url));
const MODEL = "goodput-mock";

type ClientEvent = Parameters<OpenAIRealtimeWS["send"]>[0];
type ServerEvent = Readonly<Record<string, unknown>>;

const open: OpenAIRealtimeWS[] = [];

afterEach(() => {
  for (const client of open.splice(0)) client.socket.terminate();
});

/** A server and the official client, which speaks WebSocket over TLS alone. */
async function pair(options: MockServerOptionsInput = {}, apiKey = "any") {
  const server = await serve({ tls_cert: pem("cert"), tls_key: pem("key"), ...options });
  return { server, client: connect(server, apiKey) };
}

function connect(server: MockServer, apiKey: string): OpenAIRealtimeWS {
  const openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey, maxRetries: 0 });
  const client = new OpenAIRealtimeWS({ model: MODEL, options: { rejectUnauthorized: false } }, openai);
  open.push(client);
  return client;
}

/** Everything up to the event of a type. */
function eventsUntil(client: OpenAIRealtimeWS, last: string): Promise<readonly ServerEvent[]> {
  const events: ServerEvent[] = [];
  return new Promise((resolve, reject) => {
    client.on("error", reject);
    client.on("event", (event) => {
      events.push(event as unknown as ServerEvent);
      if ((event as { readonly type: string }).type === last) resolve(events);
    });
  });
}

/** The events of vLLM, which the client has no types for. */
function send(client: OpenAIRealtimeWS, ...events: readonly object[]): void {
  for (const event of events) client.send(event as ClientEvent);
}

const AUDIO = { type: "input_audio_buffer.append", audio: Buffer.alloc(16_000).toString("base64") };
const TRANSCRIBE = [
  { type: "session.update", model: MODEL },
  AUDIO,
  AUDIO,
  { type: "input_audio_buffer.commit", final: false },
  { type: "input_audio_buffer.commit", final: true },
];

test("a transcription over the official client's WebSocket", async () => {
  const { server, client } = await pair({ output_tokens: 3 });
  const arrived = eventsUntil(client, "transcription.done");
  client.once("session.created", () => send(client, ...TRANSCRIBE));
  const events = await arrived;
  const deltas = events.filter(({ type }) => type === "transcription.delta").map(({ delta }) => String(delta));
  expect(events.map(({ type }) => type)).toEqual([
    "session.created",
    ...Array(3).fill("transcription.delta"),
    "transcription.done",
  ]);
  expect(events.at(-1)).toMatchObject({
    text: deltas.join(""),
    usage: { prompt_tokens: 25, completion_tokens: 3, total_tokens: 28 },
  });
  expect(server.truthLog()[0]).toMatchObject({ path: "/v1/realtime", outputTokens: 3 });
});

test("an error of the session is the client's error, and the session goes on", async () => {
  const { client } = await pair();
  const failed = new Promise((resolve) => client.once("error", resolve));
  client.once("session.created", () => send(client, { type: "response.create" }));
  expect(await failed).toBeInstanceOf(OpenAIRealtimeError);
  const arrived = eventsUntil(client, "transcription.done");
  send(client, ...TRANSCRIBE);
  expect((await arrived).at(-1)).toHaveProperty("usage");
});

test("a wrong key is refused before the session", async () => {
  const { client } = await pair({ api_key: "right" }, "wrong");
  const failed = await new Promise((resolve) => client.once("error", resolve));
  expect(failed).toMatchObject({ message: "Unexpected server response: 401" });
});
