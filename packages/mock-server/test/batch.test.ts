import { expect, test } from "@jest/globals";
import type { MockServer } from "../src/index.js";
import { chat, completion, post, until } from "./support/server-test.js";
import { serveVirtually } from "./support/virtual-server.js";

const BATCH = { engine: "batch", itl_ms: 10, itl_ms_per_sequence: 5, prefill_ms_per_token: 1 } as const;

/** Writes of each request, ms after a common arrival. */
function writesOf(server: MockServer): readonly (readonly number[])[] {
  return server.truthLog().map(({ tokenWritesNs }) => tokenWritesNs.map((ns) => Math.round(ns / 1e6)));
}

test("requests share the iterations: prompts of three tokens, then gaps that grow with the batch", async () => {
  const { server, goUntil } = await serveVirtually(BATCH);
  const responses = [0, 1, 2].map(() => post(server, "/v1/chat/completions", chat({ stream: true })));
  const texts = Promise.all(responses.map(async (response) => (await response).text()));
  await until(() => server.truthLog().length === 3);
  await goUntil(() => server.truthLog().every(({ completed }) => completed));
  expect((await texts).every((text) => text.endsWith("data: [DONE]\n\n"))).toBe(true);
  // the first arrives alone at 0: the batch begins with the turn in which the engine wakes, which sees all three
  expect(writesOf(server)).toEqual([
    [29, 49, 69, 89],
    [29, 49, 69, 89],
    [29, 49, 69, 89],
  ]);
});

test("whole replies, too, and a place that is freed is taken at the end of the same iteration", async () => {
  const { server, goUntil } = await serveVirtually({ ...BATCH, max_concurrent_requests: 1 });
  const replies = [0, 1, 2].map(() => post(server, "/v1/completions", completion({ max_tokens: 2 })));
  await until(() => server.truthLog().length === 3);
  await goUntil(() => server.truthLog().every(({ completed }) => completed));
  await Promise.all(replies.map(async (reply) => (await reply).json()));
  expect(writesOf(server)).toEqual([[23], [46], [69]]);
});

test("several tokens in an event wait for the last of them, and a stall within a reply holds up nobody else", async () => {
  const { server, goUntil } = await serveVirtually({
    ...BATCH,
    prefill_ms_per_token: 0,
    tokens_per_chunk: 2,
    output_tokens: 5,
  });
  const failing = { "x-mock-failure": "at=tokens,do=stall,after_tokens=1,stall_ms=100" };
  const responses = [failing, {}].map((headers) =>
    post(server, "/v1/completions", completion({ stream: true }), headers),
  );
  const texts = Promise.all(responses.map(async (response) => (await response).text()));
  await until(() => server.truthLog().length === 2);
  await goUntil(() => server.truthLog().every(({ completed }) => completed));
  await texts;
  const byFailure = Object.fromEntries(
    server.truthLog().map(({ failure }, at) => [String(failure), writesOf(server)[at]]),
  );
  expect(byFailure).toEqual({ null: [15, 45, 75], "tokens:stall": [15, 145, 175] });
});

test("without a batch a prompt delays its own reply alone", async () => {
  const { server, goUntil } = await serveVirtually({ ttft_ms: 20, itl_ms: 10, prefill_ms_per_token: 2 });
  const responses = ["one", "one two three four"].map((prompt) =>
    post(server, "/v1/completions", completion({ prompt, stream: true, max_tokens: 2 })),
  );
  const texts = Promise.all(responses.map(async (response) => (await response).text()));
  await until(() => server.truthLog().length === 2);
  await goUntil(() => server.truthLog().every(({ completed }) => completed));
  await texts;
  const byTokens = Object.fromEntries(
    server.truthLog().map(({ promptTokens }, at) => [promptTokens, writesOf(server)[at]]),
  );
  expect(byTokens).toEqual({ 1: [22, 32], 4: [28, 38] });
});
