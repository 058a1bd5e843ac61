import { describe, expect, test } from "@jest/globals";
import { chat, post, serve, streamOf } from "./support/server-test.js";

const CHAT = "/v1/chat/completions";
const image = { type: "image_url", image_url: { url: "https://example.org/a.png" } };
const video = { type: "video_url", video_url: { url: "data:video/mp4;base64,AA" } };
const text = { type: "text", text: "hi" };
const sound = (bytes: number, format?: string) => ({
  type: "input_audio",
  input_audio: { data: Buffer.alloc(bytes).toString("base64"), ...(format === undefined ? {} : { format }) },
});

function request(content: readonly object[], more: object = {}) {
  return chat({ messages: [{ role: "user", content }], ...more });
}

async function usageOf(content: readonly object[], options = {}): Promise<unknown> {
  const response = await post(await serve(options), CHAT, request(content));
  return ((await response.json()) as { readonly usage: unknown }).usage;
}

describe("media of a chat", () => {
  test.each([
    [[text, image, sound(32_000, "wav")], 602, { prompt_tokens: 1, image_tokens: 576, audio_tokens: 25, seconds: 1 }],
    [[video], 1024, { prompt_tokens: 0, video_tokens: 1024 }],
    [[sound(16_000, "mp3")], 50, { prompt_tokens: 0, audio_tokens: 50, seconds: 2 }],
    [[sound(100), sound(100)], 1, { prompt_tokens: 0, audio_tokens: 1, seconds: 0.025 }],
  ])("%# counts %i prompt tokens", async (content, prompt_tokens, details) => {
    expect(await usageOf(content)).toEqual({
      ...{ prompt_tokens, total_tokens: prompt_tokens + 4, completion_tokens: 4, prompt_tokens_details: details },
    });
  });

  test("text alone has no details", async () => {
    expect(await usageOf([text])).toEqual({ prompt_tokens: 1, total_tokens: 5, completion_tokens: 4 });
  });

  test("the options say how much images and videos count", async () => {
    expect(await usageOf([image, image, video], { image_tokens: 3, video_tokens: 0 })).toMatchObject({
      prompt_tokens: 6,
      prompt_tokens_details: { image_tokens: 6, video_tokens: 0 },
    });
  });

  test("streams tell the same", async () => {
    const body = request([text, image], { stream: true, stream_options: { include_usage: true } });
    const events = await streamOf(await post(await serve(), CHAT, body));
    expect(events.at(-1)?.usage).toMatchObject({
      prompt_tokens: 577,
      prompt_tokens_details: { prompt_tokens: 1, image_tokens: 576 },
    });
  });
});

test.each([
  [{ type: "text" }],
  [{ type: "text", text: 5 }],
  [{ type: "image_url", image_url: "https://example.org/a.png" }],
  [{ type: "image_url", image_url: { url: "" } }],
  [{ type: "video_url" }],
  [{ type: "input_audio", input_audio: { data: "" } }],
  [{ type: "input_audio", input_audio: { data: "no base64!" } }],
  [{ type: "input_audio", input_audio: { data: "AAAA", format: 5 } }],
  [{ type: "hologram" }],
])("the part %j is refused", async (part) => {
  const response = await post(await serve(), CHAT, request([part]));
  expect([response.status, await response.json()]).toMatchObject([400, { error: { code: "invalid_request" } }]);
});
