import { describe, expect, test } from "@jest/globals";
import type { MockServer, MockServerOptionsInput } from "../src/index.js";
import { completion, post, serve, until } from "./support/server-test.js";
import { serveVirtually } from "./support/virtual-server.js";

const PROMPT = Array.from({ length: 40 }, (_, index) => `w${index}`).join(" ");
const CACHE = { prefix_cache_tokens: 1000, prefix_block_tokens: 16 } as const;

/** Milliseconds from the arrival of each of several requests, one after the other, to the first token. */
async function firstTokens(
  options: MockServerOptionsInput,
  requests: readonly { readonly prompt: string; readonly headers?: Readonly<Record<string, string>> }[],
): Promise<readonly number[]> {
  const { server, goUntil } = await serveVirtually({
    itl_ms: 5,
    prefill_ms_per_token: 1,
    output_tokens: 8,
    ...options,
  });
  const times: number[] = [];
  for (const { prompt, headers = {} } of requests) {
    const response = post(server, "/v1/completions", completion({ prompt, stream: true }), headers);
    const text = response.then((given) => given.text());
    await until(() => server.truthLog().length === times.length + 1);
    await goUntil(() => server.truthLog().at(-1)?.completed === true);
    await text;
    const { arrivalNs = 0, tokenWritesNs = [] } = server.truthLog().at(-1) ?? {};
    times.push(Math.round(((tokenWritesNs[0] ?? Number.NaN) - arrivalNs) / 1e6));
  }
  return times;
}

describe.each([
  ["own", 10, 0],
  ["batch", 10, 5],
] as const)("engine %s", (engine, ttft_ms, iterationMs) => {
  const base = ttft_ms + iterationMs;

  test("cached tokens cost no time", async () => {
    const prompts = [PROMPT, PROMPT, `${PROMPT} more`, PROMPT.replace("w20", "other"), `other ${PROMPT}`];
    const times = await firstTokens(
      { engine, ttft_ms, ...CACHE },
      prompts.map((prompt) => ({ prompt })),
    );
    expect(times).toEqual([40, 40 - 32, 41 - 32, 40 - 16, 41].map((prefill) => base + prefill));
  });

  test("a header says it without a cache", async () => {
    const told = (tokens: string) => ({ prompt: PROMPT, headers: { "x-mock-cached-tokens": tokens } });
    const times = await firstTokens({ engine, ttft_ms }, [told("30"), told("0"), told("1000")]);
    expect(times).toEqual([base + 10, base + 40, base + 1]);
  });
});

test("two turns of a chat: the second finds the first and its reply, in the usage, the log and the metrics", async () => {
  const server = await serve({ ...CACHE, output_tokens: 10 });
  const first = { role: "user", content: PROMPT };
  const one = await answer(server, "/v1/chat/completions", { messages: [first] });
  const reply = one.choices[0]?.message;
  expect(one.usage).toEqual({
    ...{ prompt_tokens: 40, completion_tokens: 10, total_tokens: 50 },
    prompt_tokens_details: { cached_tokens: 0 },
  });
  const messages = [first, reply, { role: "user", content: "and now" }];
  const two = await answer(server, "/v1/chat/completions", { messages });
  expect(two.usage).toMatchObject({ prompt_tokens: 52, prompt_tokens_details: { cached_tokens: 48 } });
  expect(server.truthLog().map(({ cachedTokens }) => cachedTokens)).toEqual([0, 48]);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/^vllm:prefix_cache_queries_total\{.*\} 92\.0$/m);
  expect(metrics).toMatch(/^vllm:prefix_cache_hits_total\{.*\} 48\.0$/m);
  server.resetTruth();
  const again = await answer(server, "/v1/chat/completions", { messages });
  expect(again.usage).toMatchObject({ prompt_tokens_details: { cached_tokens: 0 } });
});

test("responses find the conversation that they go on with, messages tell what was read", async () => {
  const server = await serve({ ...CACHE, output_tokens: 10 });
  const one = await answer(server, "/v1/responses", { input: PROMPT });
  const two = await answer(server, "/v1/responses", { input: "and now", previous_response_id: one.id });
  expect(two.usage).toMatchObject({ input_tokens: 52, input_tokens_details: { cached_tokens: 48 } });
  const message = { max_tokens: 5, messages: [{ role: "user", content: PROMPT }] };
  const three = await answer(server, "/v1/messages", message);
  expect(three.usage).toEqual({
    ...{ input_tokens: 8, output_tokens: 5 },
    ...{ cache_creation_input_tokens: 0, cache_read_input_tokens: 32 },
  });
});

test("texts behind an image are not looked for", async () => {
  const server = await serve(CACHE);
  const image = { type: "image_url", image_url: { url: "http://127.0.0.1/a.png" } };
  const content = [{ type: "text", text: PROMPT.slice(0, 64) }, image, { type: "text", text: PROMPT }];
  const messages = [{ role: "user", content }];
  await answer(server, "/v1/chat/completions", { messages });
  const { usage } = await answer(server, "/v1/chat/completions", { messages });
  expect(usage).toMatchObject({ prompt_tokens_details: { cached_tokens: 16, image_tokens: 576 } });
});

test("a header that is no number is refused; without a cache nothing is told", async () => {
  const server = await serve();
  const headers = { "x-mock-cached-tokens": "many" };
  const refused = await post(server, "/v1/completions", completion(), headers);
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining("x-mock-cached-tokens")]);
  const { usage } = await answer(server, "/v1/completions", completion());
  expect(usage).not.toHaveProperty("prompt_tokens_details");
});

interface Answer {
  readonly id: string;
  readonly choices: readonly { readonly message: object }[];
  readonly usage: Readonly<Record<string, unknown>>;
}

async function answer(server: MockServer, path: string, body: object): Promise<Answer> {
  return (await (await post(server, path, body)).json()) as Answer;
}
