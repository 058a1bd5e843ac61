import Anthropic from "@anthropic-ai/sdk";
import { describe, expect, test } from "@jest/globals";
import type { MockServer } from "../src/index.js";
import { serve } from "./support/server-test.js";

const messages = [{ role: "user" as const, content: "one two three" }];
const asked = { model: "goodput-mock", max_tokens: 50, messages };
const tools = [
  {
    name: "f",
    input_schema: { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] },
  },
];

function clientOf(server: MockServer, apiKey = "any"): Anthropic {
  return new Anthropic({ baseURL: server.url, apiKey, maxRetries: 0 });
}

describe("the official client of Anthropic", () => {
  test("whole", async () => {
    const reply = await clientOf(await serve({ reasoning_tokens: 1 })).messages.create(asked);
    expect(reply.content).toMatchObject([
      { type: "thinking", thinking: " the" },
      { type: "text", text: " of and to" },
    ]);
    expect([reply.stop_reason, reply.usage]).toEqual(["end_turn", { input_tokens: 3, output_tokens: 4 }]);
  });

  test("streamed, and its own assembly of a stream", async () => {
    const client = clientOf(await serve());
    let text = "";
    for await (const event of await client.messages.create({ ...asked, stream: true })) {
      if (event.type === "content_block_delta" && event.delta.type === "text_delta") text += event.delta.text;
    }
    expect(text).toBe(" the of and to");
    const final = await client.messages.stream(asked).finalMessage();
    expect(final.content).toMatchObject([{ type: "text" }]);
    expect(final.usage).toMatchObject({ input_tokens: 3, output_tokens: 4 });
  });

  test("a tool call, and what follows on its result", async () => {
    const client = clientOf(await serve({ output_tokens: 8, tool_calls: 2, tool_text_tokens: 1 }));
    const called = await client.messages.stream({ ...asked, tools, tool_choice: { type: "any" } }).finalMessage();
    expect(called.stop_reason).toBe("tool_use");
    const [, use] = called.content;
    if (use?.type !== "tool_use") throw new Error("no call");
    expect(use).toMatchObject({ name: "f", input: { city: expect.any(String) } });
    const results = called.content.flatMap((block) =>
      block.type === "tool_use" ? [{ type: "tool_result" as const, tool_use_id: block.id, content: "rain" }] : [],
    );
    expect(results).toHaveLength(2);
    const next = [
      ...messages,
      { role: "assistant" as const, content: called.content },
      { role: "user" as const, content: results },
    ];
    const answer = await client.messages.create({ ...asked, messages: next, tools, tool_choice: { type: "none" } });
    expect(answer.content).toMatchObject([{ type: "text" }]);
  });

  test("error classes", async () => {
    const locked = await serve({ api_key: "secret" });
    await expect(clientOf(locked, "wrong").messages.create(asked)).rejects.toBeInstanceOf(
      Anthropic.AuthenticationError,
    );
    expect((await clientOf(locked, "secret").messages.create(asked)).content).toHaveLength(1);
    const client = clientOf(await serve());
    await expect(client.messages.create({ ...asked, model: "nope" })).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    await expect(client.messages.create({ ...asked, messages: [] })).rejects.toMatchObject({
      status: 400,
      error: { type: "error", error: { type: "invalid_request_error" } },
    });
  });
});
