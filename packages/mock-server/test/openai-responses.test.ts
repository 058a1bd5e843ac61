import { describe, expect, test } from "@jest/globals";
import OpenAI from "openai";
import type { MockServer } from "../src/index.js";
import { serve } from "./support/server-test.js";

const model = "goodput-mock";
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const tools = [{ type: "function" as const, name: "f", parameters, strict: false }];

function clientOf(server: MockServer): OpenAI {
  return new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "any", maxRetries: 0 });
}

describe("the official client", () => {
  test("a response, whole", async () => {
    const reply = await clientOf(await serve()).responses.create({ model, input: "one two", instructions: "be brief" });
    expect([reply.output_text, reply.status]).toEqual([" the of and to", "completed"]);
    expect(reply.usage).toMatchObject({ input_tokens: 4, output_tokens: 4, total_tokens: 8 });
  });

  test("a response, streamed, and the client's own assembly of it", async () => {
    const client = clientOf(await serve());
    let text = "";
    let final: string | undefined;
    for await (const event of await client.responses.create({ model, input: "one", stream: true })) {
      if (event.type === "response.output_text.delta") text += event.delta;
      if (event.type === "response.completed") final = event.response.status;
    }
    expect([text, final]).toEqual([" the of and to", "completed"]);
    const assembled = await client.responses.stream({ model, input: "one" }).finalResponse();
    expect(assembled.output).toMatchObject([{ type: "message", content: [{ type: "output_text" }] }]);
  });

  test("a conversation that the server keeps, with a tool call", async () => {
    const client = clientOf(await serve({ output_tokens: 6 }));
    const called = await client.responses.create({ model, input: "weather", tools, tool_choice: "required" });
    const [call] = called.output;
    if (call?.type !== "function_call") throw new Error("no call");
    expect(Object.keys(JSON.parse(call.arguments) as object)).toEqual(["city"]);
    const next = { type: "function_call_output" as const, call_id: call.call_id, output: "rain" };
    const answer = await client.responses.create({ model, input: [next], previous_response_id: called.id });
    expect(answer.usage?.input_tokens).toBe(8);
    await expect(
      client.responses.create({ model, input: "x", previous_response_id: "resp_gone" }),
    ).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });

  test("tool calls of a chat, whole and assembled from a stream", async () => {
    const client = clientOf(await serve({ output_tokens: 9, tool_calls: 2 }));
    const chat = {
      model,
      messages: [{ role: "user" as const, content: "weather" }],
      tools: [{ type: "function" as const, function: { name: "f", parameters } }],
      tool_choice: "required" as const,
    };
    const whole = await client.chat.completions.create(chat);
    const assembled = await client.chat.completions.stream(chat).finalChatCompletion();
    for (const { choices } of [whole, assembled]) {
      expect(choices[0]?.finish_reason).toBe("tool_calls");
      const calls = choices[0]?.message.tool_calls ?? [];
      expect(calls).toHaveLength(2);
      for (const call of calls) {
        if (call.type !== "function") throw new Error("no function");
        expect(Object.keys(JSON.parse(call.function.arguments) as object)).toEqual(["city"]);
      }
    }
  });
});
