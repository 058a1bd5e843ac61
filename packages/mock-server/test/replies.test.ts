import { describe, expect, test } from "@jest/globals";
import { chat, completion, eventsOf, post, serve, streamOf, tokenTexts } from "./support/server-test.js";

const CHAT = "/v1/chat/completions";
const COMPLETIONS = "/v1/completions";
const USAGE = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };

describe("chat", () => {
  test("whole reply", async () => {
    const response = await post(await serve(), CHAT, chat());
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({
      ...{ id: expect.stringMatching(/^chatcmpl-[0-9a-f]{16}$/), object: "chat.completion", model: "goodput-mock" },
      created: expect.any(Number),
      choices: [
        {
          ...{ index: 0, logprobs: null, finish_reason: "stop", stop_reason: null },
          message: { role: "assistant", content: " the of and to", refusal: null },
        },
      ],
      usage: USAGE,
    });
  });

  test("stream: role, then one event per token, the last with the finish reason, then the end mark", async () => {
    const response = await post(await serve(), CHAT, chat({ stream: true, max_tokens: 3 }));
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const body = await response.text();
    const events = eventsOf(body);
    expect(events.pop()).toBe("[DONE]");
    const choices = events.map((event) => (event === "[DONE]" ? null : event.choices[0]));
    expect(choices).toEqual([
      { index: 0, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null },
      { index: 0, delta: { content: " the" }, logprobs: null, finish_reason: null },
      { index: 0, delta: { content: " of" }, logprobs: null, finish_reason: null },
      { index: 0, delta: { content: " and" }, logprobs: null, finish_reason: "length", stop_reason: null },
    ]);
    expect(new Set(events.map((event) => (event === "[DONE]" ? "" : event.id))).size).toBe(1);
    expect(body).not.toContain("usage");
  });

  test("max_completion_tokens goes before max_tokens; ignore_eos and min_tokens make replies longer", async () => {
    const server = await serve();
    const lengthOf = async (more: object) => {
      const reply = (await (await post(server, CHAT, chat(more))).json()) as {
        choices: [{ finish_reason: string }];
        usage: { completion_tokens: number };
      };
      return [reply.usage.completion_tokens, reply.choices[0].finish_reason];
    };
    expect(await lengthOf({ max_completion_tokens: 2, max_tokens: 3 })).toEqual([2, "length"]);
    expect(await lengthOf({ max_tokens: 9 })).toEqual([4, "stop"]);
    expect(await lengthOf({ max_tokens: 9, ignore_eos: true })).toEqual([9, "length"]);
    expect(await lengthOf({ max_tokens: 9, min_tokens: 6 })).toEqual([6, "stop"]);
    expect(await lengthOf({ max_tokens: 4 })).toEqual([4, "length"]);
  });

  test("media counts as the options say, in whole replies and in streams", async () => {
    const server = await serve({ video_tokens: 7 });
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
    const video = { type: "video_url", video_url: { url: "http://v" } };
    const audio = (bytes: number, format?: string) => {
      const data = Buffer.alloc(bytes).toString("base64");
      return { type: "input_audio", input_audio: { data, ...(format === undefined ? {} : { format }) } };
    };
    const usageOf = async (...parts: object[]) => {
      const body = chat({ messages: [{ role: "user", content: parts }], max_tokens: 1 });
      const whole = (await (await post(server, CHAT, body)).json()) as { usage: Record<string, unknown> };
      const options = { stream: true, stream_options: { include_usage: true } };
      const events = await streamOf(await post(server, CHAT, { ...body, ...options }));
      expect(events.at(-1)?.usage).toEqual(whole.usage);
      return whole.usage;
    };
    const text = { type: "text", text: "hi" };
    expect(await usageOf(text, image, audio(32_000, "wav"))).toMatchObject({
      prompt_tokens: 602,
      prompt_tokens_details: { prompt_tokens: 1, image_tokens: 576, audio_tokens: 25, seconds: 1 },
    });
    expect(await usageOf(video, video)).toMatchObject({
      prompt_tokens: 14,
      prompt_tokens_details: { prompt_tokens: 0, video_tokens: 14 },
    });
    expect(await usageOf(audio(8000, "mp3"), audio(4000))).toMatchObject({
      prompt_tokens: 38,
      prompt_tokens_details: { prompt_tokens: 0, audio_tokens: 38, seconds: 1.5 },
    });
    expect(await usageOf(text)).not.toHaveProperty("prompt_tokens_details");
  });

  test.each([
    { type: "image_url" },
    { type: "image_url", image_url: { url: "" } },
    { type: "video_url", video_url: "http://v" },
    { type: "input_audio", input_audio: { data: "" } },
    { type: "input_audio", input_audio: { data: "no base64!" } },
    { type: "text", text: 3 },
  ])("a broken part is refused: %j", async (part) => {
    const response = await post(await serve(), CHAT, chat({ messages: [{ role: "user", content: [part] }] }));
    expect(response.status).toBe(400);
  });

  test("a text and no media: its words", async () => {
    const content = [
      { type: "text", text: "four words are here" },
      { type: "refusal", text: "no" },
    ];
    const messages = [
      { role: "system", content: "be brief" },
      { role: "user", content },
      { role: "assistant", content: null },
    ];
    expect(await (await post(await serve(), CHAT, chat({ messages }))).json()).toMatchObject({
      usage: { prompt_tokens: 7 },
    });
  });

  test("reasoning comes first and counts as output", async () => {
    const server = await serve({ reasoning_tokens: 2 });
    const events = await streamOf(
      await post(server, CHAT, chat({ stream: true, stream_options: { include_usage: true } })),
    );
    expect(events.slice(1, -1).map(({ choices }) => choices[0]?.delta)).toEqual([
      { reasoning_content: " the" },
      { reasoning_content: " of" },
      { content: " and" },
      { content: " to" },
    ]);
    const usage = { ...USAGE, completion_tokens_details: { reasoning_tokens: 2 } };
    expect(events.at(-1)?.usage).toEqual(usage);
    server.resetTruth();
    expect(await (await post(server, CHAT, chat())).json()).toMatchObject({
      choices: [{ message: { content: " and to", reasoning_content: " the of" } }],
      usage,
    });
    const cut = await post(server, CHAT, chat({ max_tokens: 1 }));
    expect(await cut.json()).toMatchObject({ choices: [{ message: { content: "" }, finish_reason: "length" }] });
  });

  test("one event may hold the end of the reasoning and the start of the content", async () => {
    const server = await serve({ reasoning_tokens: 2, tokens_per_chunk: 2 });
    const events = await streamOf(await post(server, CHAT, chat({ stream: true })));
    expect(events[2]?.choices[0]?.delta).toEqual({ reasoning_content: " of", content: " and" });
  });
});

describe("completions", () => {
  test.each([
    ["text", "one two three", 3],
    ["a list of one text", ["one two"], 2],
    ["token ids", [5, 6, 7, 8], 4],
    ["a list of one list of token ids", [[5, 6]], 2],
  ])("whole reply to %s", async (_, prompt, promptTokens) => {
    const response = await post(await serve(), COMPLETIONS, completion({ prompt }));
    expect(await response.json()).toEqual({
      ...{ id: expect.stringMatching(/^cmpl-[0-9a-f]{16}$/), object: "text_completion", model: "goodput-mock" },
      created: expect.any(Number),
      choices: [{ index: 0, text: " the of and to", logprobs: null, finish_reason: "stop", stop_reason: null }],
      usage: { prompt_tokens: promptTokens, completion_tokens: 4, total_tokens: promptTokens + 4 },
    });
  });

  test("stream: no role, no reasoning", async () => {
    const server = await serve({ reasoning_tokens: 2 });
    const events = await streamOf(await post(server, COMPLETIONS, completion({ stream: true, max_tokens: 2 })));
    expect(events.map(({ choices }) => choices[0])).toEqual([
      { index: 0, text: " the", logprobs: null, finish_reason: null },
      { index: 0, text: " of", logprobs: null, finish_reason: "length", stop_reason: null },
    ]);
  });
});

describe.each([
  [CHAT, chat, 1],
  [COMPLETIONS, completion, 0],
] as const)("streams of %s", (path, body, roleEvents) => {
  test("include_usage: one more event without choices", async () => {
    const events = await streamOf(
      await post(await serve(), path, body({ stream: true, stream_options: { include_usage: true } })),
    );
    expect(events.at(-1)).toMatchObject({ choices: [], usage: USAGE });
    expect(events.filter(({ usage }) => usage !== undefined)).toHaveLength(1);
  });

  test("continuous_usage_stats: the count so far in every event", async () => {
    const options = { continuous_usage_stats: true, include_usage: true };
    const events = await streamOf(await post(await serve(), path, body({ stream: true, stream_options: options })));
    const counts = events.map(({ usage }) => usage?.["completion_tokens"]);
    expect(counts).toEqual([...(roleEvents === 1 ? [0] : []), 1, 2, 3, 4, 4]);
    expect(events.every(({ usage }) => usage?.["prompt_tokens"] === 3)).toBe(true);
  });

  test("the truth log has one write per event with tokens, and all tokens", async () => {
    for (const options of [{}, { tokens_per_chunk: 3 }, { empty_token_every: 2 }, { reasoning_tokens: 5 }]) {
      const server = await serve({ output_tokens: 12, output_tokens_std: 4, ...options });
      for (let count = 0; count < 5; count += 1) {
        const more = { stream: true, stream_options: { include_usage: true } };
        const events = await streamOf(await post(server, path, body(more)));
        const entry = server.truthLog().at(-1);
        expect(entry?.tokenWritesNs).toHaveLength(tokenTexts(events).length);
        expect(entry?.outputTokens).toBe(events.at(-1)?.usage?.["completion_tokens"]);
        expect(events).toHaveLength(tokenTexts(events).length + roleEvents + 1);
      }
    }
  });

  test("tokens_per_chunk: one token, then several, then the rest", async () => {
    const server = await serve({ output_tokens: 8, tokens_per_chunk: 3 });
    const texts = tokenTexts(await streamOf(await post(server, path, body({ stream: true }))));
    expect(texts).toEqual([" the", " of and to", " in is that", " for"]);
  });

  test("empty_token_every: an event without text still is a token", async () => {
    const server = await serve({ empty_token_every: 2 });
    const events = await streamOf(await post(server, path, body({ stream: true })));
    expect(tokenTexts(events)).toEqual([" the", "", " and", ""]);
    expect(server.truthLog()[0]?.outputTokens).toBe(4);
  });

  test("omit_done: the stream ends without the mark", async () => {
    const text = await (await post(await serve({ omit_done: true }), path, body({ stream: true }))).text();
    expect(eventsOf(text).at(-1)).toMatchObject({ choices: [{ finish_reason: "stop" }] });
  });

  test("a model name of any characters arrives whole", async () => {
    const model = 'größe "\n𝄞\u2028';
    const events = await streamOf(await post(await serve({ model }), path, body({ stream: true, model })));
    expect(new Set(events.map((event) => event.model))).toEqual(new Set([model]));
  });
});
