import type { Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { OpenAIHttpArgsInput } from "../src/args/openai-http-args.js";
import type { OpenAIHttpBackend } from "../src/openai-http-backend.js";
import { answered } from "./support/body-input.js";
import { chunk, LAST_CHUNK, type RawServer, reply, STREAM_HEAD, startRawServer } from "./support/raw-server.js";
import { failureOf, type Outcome, sendRequest, startBackend, textRequest } from "./support/send-request.js";

const open: (OpenAIHttpBackend | RawServer)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse())
    await ("shutdown" in resource ? resource.shutdown() : resource.close());
});

interface Exchanged extends Outcome {
  readonly head: string;
}

async function exchange(answer: (socket: Socket) => void, args: Partial<OpenAIHttpArgsInput>): Promise<Exchanged> {
  let head = "";
  const server = await startRawServer((socket, request) => {
    head = request.head;
    answer(socket);
  });
  const backend = await startBackend(server.url, args);
  open.push(server, backend);
  return { ...(await sendRequest(backend)), head };
}

/** An event as servers frame it. */
function event(payload: { readonly type: string }): string {
  return chunk(`event: ${payload.type}\ndata: ${JSON.stringify(payload)}\n\n`);
}

const textDelta = (delta: string) => event({ type: "response.output_text.delta", delta } as { type: string });
const responses = { request_format: "/v1/responses" } as const;
const messages = { request_format: "/v1/messages" } as const;

describe("/v1/responses", () => {
  test("the last event ends the request, although the connection goes on", async () => {
    const usage = { input_tokens: 2, output_tokens: 1 };
    const last = { type: "response.completed", response: { id: "r", status: "completed", usage } };
    const { terminal, timings } = await exchange((socket) => {
      socket.write(STREAM_HEAD + textDelta("a") + event(last) + textDelta("late"));
    }, responses);
    expect(terminal).toMatchObject({ type: "final", response: { text: "a", responseId: "r", finishReason: "stop" } });
    expect(timings.iterations).toBe(2);
  });

  test.each([
    [{ error: { code: "server_error", message: "broken" } }, "broken (server_error)"],
    [{}, "the response failed, without a reason"],
  ])("a response that failed with %j is an error, its text and usage kept", async (more, said) => {
    const response = { status: "failed", usage: { input_tokens: 2, output_tokens: 1 }, ...more };
    const outcome = await exchange((socket) => {
      socket.write(
        STREAM_HEAD + textDelta("a") + event({ type: "response.failed", response } as { type: string }) + LAST_CHUNK,
      );
    }, responses);
    expect(failureOf(outcome)).toMatchObject({
      reason: "errored",
      response: { text: "a", outputMetrics: { text_tokens: 1 } },
      failure: { code: "OPENAI_HTTP_STREAM_ERROR", message: `The server reported an error within the stream: ${said}` },
    });
  });

  test("an error event is an error", async () => {
    const error = { type: "error", code: "rate_limit", message: "slow down", param: null };
    const outcome = await exchange((socket) => socket.write(STREAM_HEAD + event(error) + LAST_CHUNK), responses);
    expect(failureOf(outcome).failure).toMatchObject({
      code: "OPENAI_HTTP_STREAM_ERROR",
      message: "The server reported an error within the stream: slow down (rate_limit)",
    });
  });

  test("a whole response that failed is an error", async () => {
    const body = { object: "response", status: "failed", error: null, output: [] };
    const outcome = await exchange((socket) => socket.write(reply(200, JSON.stringify(body))), {
      ...responses,
      stream: false,
    });
    expect(failureOf(outcome).failure).toMatchObject({ code: "OPENAI_HTTP_BODY_ERROR" });
  });

  test("a stream without its last event was cut off", async () => {
    const outcome = await exchange((socket) => socket.write(STREAM_HEAD + textDelta("a") + LAST_CHUNK), responses);
    expect(failureOf(outcome)).toMatchObject({
      response: { text: "a" },
      failure: { code: "OPENAI_HTTP_TRUNCATED" },
    });
  });

  test("a conversation of the server goes on by the identifier; where branches met it is sent whole", async () => {
    let count = 0;
    const server = await startRawServer((socket) => {
      count += 1;
      const output = [{ type: "message", content: [{ type: "output_text", text: `a${count}` }] }];
      socket.write(reply(200, JSON.stringify({ id: `resp_${count}`, status: "completed", output })));
    });
    const backend = await startBackend(server.url, { ...responses, stream: false, server_history: true });
    open.push(server, backend);
    const turn = async (text: string, history: Parameters<typeof answered>[] | null) => {
      const request = textRequest({ columns: { text_column: [text] } });
      const turns = history?.map(([given, response]) => ({ request: given, response })) as never;
      const { terminal } = await sendRequest(backend, { request, history: turns });
      return [request, terminal.response] as Parameters<typeof answered>;
    };
    const first = await turn("q1", null);
    const second = await turn("q2", [first]);
    const branch = await turn("b", null);
    await turn("q3", [first, branch, second]);
    const bodies = server.requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(bodies.map((body) => body["previous_response_id"])).toEqual([undefined, "resp_1", undefined, undefined]);
    expect(bodies.map((body) => (body["input"] as unknown[]).length)).toEqual([1, 1, 1, 7]);
  });
});

describe("/v1/messages", () => {
  test("a stream, its headers, and the key under both names", async () => {
    const { terminal, timings, head } = await exchange(
      (socket) => {
        socket.write(
          STREAM_HEAD +
            event({ type: "message_start", message: { id: "m", usage: { input_tokens: 3 } } } as { type: string }) +
            event({ type: "ping" }) +
            event({ type: "content_block_delta", delta: { type: "text_delta", text: "a" } } as { type: string }) +
            event({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 1 } } as {
              type: string;
            }) +
            event({ type: "message_stop" }),
        );
      },
      { ...messages, api_key: "sk-key-123456" },
    );
    expect(terminal).toMatchObject({ type: "final", response: { text: "a", outputMetrics: { text_tokens: 1 } } });
    expect(timings.tokenIterations).toBe(1);
    expect(head).toMatch(/^POST \/v1\/messages /);
    for (const line of [
      "anthropic-version: 2023-06-01",
      "x-api-key: sk-key-123456",
      "authorization: Bearer sk-key-123456",
    ])
      expect(head).toContain(line);
    expect(JSON.stringify(terminal)).not.toContain("sk-key");
  });

  test("an error event is an error", async () => {
    const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    const outcome = await exchange((socket) => socket.write(STREAM_HEAD + event(error) + LAST_CHUNK), messages);
    expect(failureOf(outcome).failure).toMatchObject({
      code: "OPENAI_HTTP_STREAM_ERROR",
      message: "The server reported an error within the stream: Overloaded (overloaded_error)",
    });
  });
});
