import { describe, expect, test } from "@jest/globals";
import OpenAI from "openai";
import type { MockServer } from "../src/index.js";
import { serve } from "./support/server-test.js";

const model = "goodput-mock";
const messages = [{ role: "user" as const, content: "one two three" }];

function clientOf(server: MockServer, apiKey = "any"): OpenAI {
  return new OpenAI({ baseURL: `${server.url}/v1`, apiKey, maxRetries: 0 });
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect(promise).rejects.toThrow(),
    (error: unknown) => error,
  );
}

describe("the official client", () => {
  test("chat, whole", async () => {
    const reply = await clientOf(await serve()).chat.completions.create({ model, messages, max_completion_tokens: 2 });
    expect(reply.choices[0]?.message.content).toBe(" the of");
    expect(reply.choices[0]?.finish_reason).toBe("length");
    expect(reply.usage).toEqual({ prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 });
  });

  test("chat, streamed with usage", async () => {
    const client = clientOf(await serve());
    const options = { model, messages, stream: true, stream_options: { include_usage: true } } as const;
    const stream = await client.chat.completions.create(options);
    let text = "";
    const finished: (string | null)[] = [];
    let total: number | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      if (chunk.choices[0] !== undefined) finished.push(chunk.choices[0].finish_reason);
      total = chunk.usage?.total_tokens ?? total;
    }
    expect([text, total]).toEqual([" the of and to", 7]);
    expect(finished).toEqual([null, null, null, null, "stop"]);
  });

  test("the client's own assembly of a stream", async () => {
    const runner = clientOf(await serve()).chat.completions.stream({ model, messages });
    expect(await runner.finalContent()).toBe(" the of and to");
  });

  test("completions, whole and streamed", async () => {
    const client = clientOf(await serve());
    const whole = await client.completions.create({ model, prompt: "one two" });
    expect([whole.choices[0]?.text, whole.usage?.prompt_tokens]).toEqual([" the of and to", 2]);
    let tokens = 0;
    for await (const chunk of await client.completions.create({ model, prompt: "one two", stream: true })) {
      tokens += chunk.choices.length;
    }
    expect(tokens).toBe(4);
  });

  test("models", async () => {
    const client = clientOf(await serve());
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids).toEqual([model]);
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, object: "model" });
  });

  test("embeddings, whose vectors it asks for as base64 and reads", async () => {
    const client = clientOf(await serve());
    const reply = await client.embeddings.create({ model, input: ["one two", "three"] });
    expect(reply.data.map(({ embedding }) => embedding.length)).toEqual([128, 128]);
    expect(reply.usage.prompt_tokens).toBe(3);
    const plain = await client.embeddings.create({ model, input: "three", encoding_format: "float", dimensions: 8 });
    const same = await client.embeddings.create({ model, input: "three", dimensions: 8 });
    expect(same.data[0]?.embedding).toEqual(plain.data[0]?.embedding);
  });

  test.each(["vllm", "openai"] as const)("transcriptions and translations, %s", async (audio_dialect) => {
    const { audio } = clientOf(await serve({ audio_dialect }));
    const file = new File([new Uint8Array(32_000)], "a.wav", { type: "audio/wav" });
    expect((await audio.transcriptions.create({ model, file })).text).toBe(" the of and to");
    expect((await audio.translations.create({ model, file })).text).toBe(" his but at are");
    const verbose = await audio.transcriptions.create({ model, file, response_format: "verbose_json" });
    expect([verbose.duration, verbose.text]).toEqual([1, " she there would their"]);
    const types: string[] = [];
    let text = "";
    for await (const event of await audio.transcriptions.create({ model, file, stream: true })) {
      types.push(event.type);
      // vLLM's events are those of a chat, which the client hands on as they are
      if (event.type === "transcript.text.delta") text += event.delta;
      const { choices } = event as unknown as { readonly choices?: readonly { readonly delta: { content: string } }[] };
      text += choices?.[0]?.delta.content ?? "";
    }
    expect(text.split(" ")).toHaveLength(5);
    expect(types.length).toBe(audio_dialect === "openai" ? 5 : 4);
  });

  test("images and sound of a chat are counted", async () => {
    const content = [
      { type: "text" as const, text: "hi" },
      { type: "image_url" as const, image_url: { url: "data:image/png;base64,AAAA" } },
      {
        type: "input_audio" as const,
        input_audio: { data: Buffer.alloc(32_000).toString("base64"), format: "wav" as const },
      },
    ];
    const client = clientOf(await serve());
    const { usage } = await client.chat.completions.create({ model, messages: [{ role: "user", content }] });
    expect(usage?.prompt_tokens).toBe(602);
    expect(usage?.prompt_tokens_details).toMatchObject({ image_tokens: 576, audio_tokens: 25, seconds: 1 });
  });

  test("reasoning is told apart", async () => {
    const client = clientOf(await serve({ reasoning_tokens: 3 }));
    const { choices } = await client.chat.completions.create({ model, messages });
    expect(choices[0]?.message).toMatchObject({ reasoning_content: " the of and", content: " to" });
  });

  test("names of requests are in the head of the reply", async () => {
    const client = clientOf(await serve());
    const { data, response } = await client.chat.completions.create({ model, messages }).withResponse();
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(data.id).toMatch(/^chatcmpl-/);
  });

  test("an error within a stream", async () => {
    const client = clientOf(await serve());
    const options = { headers: { "x-mock-failure": "at=tokens,do=error,after_tokens=2" } };
    const streams = [
      [await client.chat.completions.create({ model, messages, stream: true }, options), 3], // the role has an event
      [await client.completions.create({ model, prompt: "one two", stream: true }, options), 2],
    ] as const;
    for (const [stream, events] of streams) {
      let count = 0;
      const read = async () => {
        for await (const _event of stream) count += 1;
      };
      const error = await failure(read());
      expect(error).toBeInstanceOf(OpenAI.APIError);
      expect(error).toMatchObject({ message: expect.stringContaining("injected") });
      expect(count).toBe(events);
    }
    const types: string[] = [];
    const stream = await client.responses.create({ model, input: "one two", stream: true }, options);
    for await (const event of stream) {
      types.push(event.type);
      if (event.type === "response.failed") expect(event.response.error).toMatchObject({ message: expect.any(String) });
    }
    expect(types.filter((type) => type === "response.output_text.delta")).toHaveLength(2);
    expect(types.at(-1)).toBe("response.failed");
  });

  test.each<[string, (client: OpenAI) => Promise<unknown>]>([
    ["moderations", ({ moderations }) => moderations.create({ model, input: "x" })],
    ["images", ({ images }) => images.generate({ model, prompt: "x" })],
    ["speech", ({ audio }) => audio.speech.create({ model, input: "x", voice: "alloy" })],
    ["files", async ({ files }) => files.list()],
    ["batches", async ({ batches }) => batches.list()],
    ["a response of before", ({ responses }) => responses.retrieve("resp_1")],
    ["a chat of before", ({ chat }) => chat.completions.retrieve("chatcmpl-1")],
  ])("%s: not offered, and the client is told so", async (_name, call) => {
    const refused = await failure(call(clientOf(await serve())));
    expect(refused).toBeInstanceOf(OpenAI.NotFoundError);
    expect(refused).toMatchObject({ code: "not_found", message: expect.stringContaining("No such path: /v1/") });
  });

  test("error classes", async () => {
    const client = clientOf(await serve());
    const badRequest = await failure(client.chat.completions.create({ model, messages: [] }));
    expect(badRequest).toBeInstanceOf(OpenAI.BadRequestError);
    expect(badRequest).toMatchObject({ status: 400, param: "messages", code: "invalid_request" });
    const notFound = await failure(client.completions.create({ model: "nope", prompt: "hello" }));
    expect(notFound).toBeInstanceOf(OpenAI.NotFoundError);
    expect(notFound).toMatchObject({ code: "model_not_found", type: "invalid_request_error" });
    const locked = await serve({ api_key: "secret" });
    const unauthorized = await failure(clientOf(locked, "wrong").models.list());
    expect(unauthorized).toBeInstanceOf(OpenAI.AuthenticationError);
    expect((await clientOf(locked, "secret").models.list()).data).toHaveLength(1);
    const broken = await failure(clientOf(await serve({ error_rate: 1 })).chat.completions.create({ model, messages }));
    expect(broken).toBeInstanceOf(OpenAI.InternalServerError);
    const cut = await failure(clientOf(await serve({ cut_rate: 1 })).chat.completions.create({ model, messages }));
    expect(cut).toBeInstanceOf(OpenAI.APIConnectionError);
  });
});
