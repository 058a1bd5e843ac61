import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { post, serve } from "./support/server-test.js";
import { shapeOf } from "./support/shape.js";

function recorded(name: string): unknown {
  const text = readFileSync(new URL(`fixtures/${name}.http`, import.meta.url), "utf8");
  return JSON.parse(text.slice(text.indexOf("\r\n\r\n") + 4));
}

interface Reply {
  readonly id: string;
  readonly usage: Readonly<Record<string, unknown>>;
  readonly data: readonly { readonly embedding: readonly number[]; readonly score: number }[];
  readonly results: readonly { readonly index: number; readonly relevance_score: number }[];
}

async function replyOf(path: string, body: object, options = {}): Promise<Reply> {
  const response = await post(await serve(options), path, body);
  expect(response.status).toBe(200);
  return (await response.json()) as Reply;
}

const EMBEDDINGS = "/v1/embeddings";
const RANKED = { query: "light", documents: ["day", "late night"] };

describe("answers have the shape of the recorded ones", () => {
  test.each([
    ["embeddings", EMBEDDINGS, { input: "one two three" }, /^embd-[0-9a-f]{16}$/],
    ["embeddings-base64", EMBEDDINGS, { input: ["a", "b"], encoding_format: "base64" }, /^embd-[0-9a-f]{16}$/],
    ["rerank", "/rerank", RANKED, /^score-[0-9a-f]{16}$/],
    ["score", "/score", { text_1: "light", text_2: "day" }, /^score-[0-9a-f]{16}$/],
  ])("%s", async (name, path, body, id) => {
    const reply = await replyOf(path, { model: "goodput-mock", ...body });
    expect(shapeOf(reply)).toEqual(shapeOf(recorded(name)));
    expect(reply.id).toMatch(id);
  });

  test("under the other paths, too", async () => {
    for (const path of ["/v1/rerank", "/v2/rerank"]) {
      expect((await replyOf(path, RANKED)).results).toEqual((await replyOf("/rerank", RANKED)).results);
    }
    const pair = { text_1: "light", text_2: "day" };
    expect((await replyOf("/v1/score", pair)).data).toEqual((await replyOf("/score", pair)).data);
  });
});

describe("vectors", () => {
  test("one for each input, of length 1, the same for the same text and seed", async () => {
    const { data, usage } = await replyOf(EMBEDDINGS, { input: ["one two", "three", "one two"] });
    const vectors = data.map(({ embedding }) => embedding);
    expect(vectors.map((vector) => vector.length)).toEqual([128, 128, 128]);
    expect(vectors.map((vector) => Math.hypot(...vector).toFixed(5))).toEqual(["1.00000", "1.00000", "1.00000"]);
    expect(vectors[0]).toEqual(vectors[2]);
    expect(vectors[0]).not.toEqual(vectors[1]);
    expect(usage).toMatchObject({ prompt_tokens: 5, total_tokens: 5, completion_tokens: 0 });
    expect((await replyOf(EMBEDDINGS, { input: "three" }, { seed: 7 })).data[0]?.embedding).not.toEqual(vectors[1]);
  });

  test.each([
    [[1, 2, 3], 1, 3],
    [[[1, 2], [3]], 2, 3],
  ])("token ids %j are %i inputs of %i tokens", async (input, inputs, tokens) => {
    const { data, usage } = await replyOf(EMBEDDINGS, { input });
    expect([data.length, usage["prompt_tokens"]]).toEqual([inputs, tokens]);
  });

  test("are as long as the request or the option says", async () => {
    expect((await replyOf(EMBEDDINGS, { input: "a" }, { embedding_dimensions: 3 })).data[0]?.embedding).toHaveLength(3);
    expect((await replyOf(EMBEDDINGS, { input: "a", dimensions: 5 })).data[0]?.embedding).toHaveLength(5);
  });

  test("of pooling, from inputs or from data", async () => {
    const list = await replyOf("/pooling", { input: ["a", "b"] });
    expect(list).toMatchObject({ object: "list", data: [{ index: 0, object: "pooling" }, { index: 1 }] });
    const own = await replyOf("/pooling", { data: { indices: [1] }, priority: 0 });
    expect(own).toMatchObject({ data: { data: expect.any(String), data_format: "b64_json" } });
  });
});

test("results are ordered by relevance and cut at top_n", async () => {
  const documents = ["a", "b", "c", "d"];
  const { results } = await replyOf("/rerank", { query: "q", documents });
  const scores = results.map(({ relevance_score }) => relevance_score);
  expect(scores).toEqual([...scores].sort((left, right) => right - left));
  expect(results.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3]);
  expect((await replyOf("/rerank", { query: "q", documents, top_n: 2 })).results).toEqual(results.slice(0, 2));
});

test.each([
  [EMBEDDINGS, {}, "input"],
  [EMBEDDINGS, { input: "" }, "input"],
  [EMBEDDINGS, { input: [] }, "input"],
  [EMBEDDINGS, { input: "a", dimensions: 0 }, "dimensions"],
  [EMBEDDINGS, { input: "a", encoding_format: "int8" }, "encoding_format"],
  ["/pooling", {}, "input"],
  ["/rerank", { query: "a", documents: [] }, "documents"],
  ["/score", { text_1: ["a", "b"], text_2: ["a", "b", "c"] }, "text_1"],
])("%s refuses %j", async (path, body, param) => {
  const response = await post(await serve(), path, body);
  expect([response.status, await response.json()]).toMatchObject([400, { error: { code: "invalid_request", param } }]);
});

test("another model is 404", async () => {
  const response = await post(await serve(), EMBEDDINGS, { model: "nope", input: "a" });
  expect([response.status, await response.json()]).toMatchObject([404, { error: { code: "model_not_found" } }]);
});

describe("the truth", () => {
  test("knows when the answer was written, and no tokens", async () => {
    const server = await serve({ ttft_ms: 20 });
    await (await post(server, EMBEDDINGS, { input: "one two" })).json();
    const [entry, ...others] = server.truthLog();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      ...{ path: EMBEDDINGS, promptTokens: 2, outputTokens: 0, tokenWritesNs: [], completed: true },
    });
    expect((entry?.endNs ?? 0) - (entry?.arrivalNs ?? 0)).toBeGreaterThanOrEqual(20e6);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^vllm:prompt_tokens_total\{.*\} 2\.0$/m);
    expect(metrics).toMatch(/^vllm:generation_tokens_total\{.*\} 0\.0$/m);
    expect(metrics).toMatch(/^vllm:num_requests_running\{.*\} 0\.0$/m);
  });

  test("of failures", async () => {
    const failing = await serve({ error_rate: 1 });
    expect((await post(failing, EMBEDDINGS, { input: "a" })).status).toBe(500);
    const cutting = await serve({ cut_rate: 1 });
    await expect(post(cutting, EMBEDDINGS, { input: "a" })).rejects.toThrow();
    const hanging = await serve({ hang_rate: 1 });
    const signal = AbortSignal.timeout(50);
    const body = JSON.stringify({ input: "a" });
    await expect(fetch(hanging.url + EMBEDDINGS, { method: "POST", body, signal })).rejects.toThrow("timeout");
    expect([failing, cutting].map((server) => server.truthLog()[0]?.outcome)).toEqual(["error", "cut"]);
  });
});
