import { describe, expect, test } from "@jest/globals";
import { chat, post, serve } from "./support/server-test.js";

const CHAT = "/v1/chat/completions";
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const tools = ["f", "g"].map((name) => ({ type: "function", function: { name, parameters } }));

interface Fragment {
  readonly index: number;
  readonly id?: string;
  readonly function: { readonly name?: string; readonly arguments: string };
}

async function fragments(response: Response): Promise<readonly Fragment[]> {
  const found = [...(await response.text()).matchAll(/"tool_calls":(\[.*?\])\}/g)];
  return found.flatMap(([, json]) => JSON.parse(json ?? "[]") as Fragment[]);
}

describe("tools in a chat", () => {
  test("whole: calls, no text, and the finish reason", async () => {
    const server = await serve({ output_tokens: 8, tool_calls: 2 });
    expect(await (await post(server, CHAT, chat({ tools, tool_choice: "required" }))).json()).toMatchObject({
      choices: [
        {
          message: {
            content: null,
            tool_calls: [
              { type: "function", function: { name: "f", arguments: '{"city":" the"}' } },
              { type: "function", function: { name: "g", arguments: '{"city":" his"}' } },
            ],
          },
          finish_reason: "tool_calls",
        },
      ],
      usage: { completion_tokens: 8 },
    });
  });

  test("streamed: pieces of both calls in turn, a token each", async () => {
    const server = await serve({ output_tokens: 11, tool_calls: 2, tool_text_tokens: 1 });
    const response = await post(server, CHAT, chat({ tools, tool_choice: "required", stream: true }));
    const given = await fragments(response);
    expect(given.map(({ index }) => index)).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    expect(given.map((fragment) => fragment.function.name ?? "")).toEqual(["f", "g", "", "", "", "", "", "", "", ""]);
    for (const call of [0, 1]) {
      const own = given.filter(({ index }) => index === call).map((fragment) => fragment.function.arguments);
      expect(Object.keys(JSON.parse(own.join("")) as object)).toEqual(["city"]);
    }
    expect(server.truthLog()[0]?.tokenWritesNs).toHaveLength(11);
  });

  test.each([
    ["none", 0],
    ["auto", 0],
    ["required", 1],
    [{ type: "function", function: { name: "g" } }, 1],
    [{ type: "function", function: { name: "other" } }, 0],
  ])("tool_choice %j", async (tool_choice, calls) => {
    const response = await post(await serve(), CHAT, chat({ tools, tool_choice }));
    const { choices } = (await response.json()) as { choices: [{ message: { tool_calls?: unknown[] } }] };
    expect(choices[0].message.tool_calls ?? []).toHaveLength(calls);
  });

  test("auto calls for its share, required misses for its own", async () => {
    const eager = await serve({ tool_call_rate: 1, tool_call_missing_rate: 1 });
    const finish = async (body: object) => {
      const { choices } = (await (await post(eager, CHAT, chat(body))).json()) as {
        choices: [{ finish_reason: string }];
      };
      return choices[0].finish_reason;
    };
    expect(await finish({ tools })).toBe("tool_calls");
    expect(await finish({ tools, tool_choice: "required" })).toBe("stop");
    expect(await finish({})).toBe("stop");
  });

  test.each([{ tools: [{ type: "function" }] }, { tools: [], tool_choice: "maybe" }])("%j: 400", async (body) => {
    expect((await post(await serve(), CHAT, chat(body))).status).toBe(400);
  });
});
