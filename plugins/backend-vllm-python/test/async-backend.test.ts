import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBackend, createClock, type Logger } from "@core/backend";
import { describe, expect, jest } from "@jest/globals";
import "../src/index.js";
import { VllmPythonBackend } from "../src/vllm-python-backend.js";
import { type Answer, ask, withStarted } from "./support/ask.js";
import { pythonTest, standInArgs } from "./support/stand-in.js";

jest.setTimeout(120_000);

const STREAMS = 512;
const TOKENS = 200;

/** Prompts of the stand-in come back in its tokens; what it was given is seen by asking with the same text. */
async function answerTo(
  args: Readonly<Record<string, unknown>>,
  columns: Readonly<Record<string, readonly unknown[]>>,
) {
  let found: Answer | undefined;
  await withStarted(args, async (backend) => {
    found = await ask(backend, { columns, outputTokens: 4 });
  });
  if (found === undefined) throw new Error("no answer");
  return found;
}

async function textOf(args: Readonly<Record<string, unknown>>, columns: Readonly<Record<string, readonly unknown[]>>) {
  const { terminal } = await answerTo(args, columns);
  expect(terminal).toMatchObject({ type: "final" });
  return terminal.response.text;
}

describe("prompts", () => {
  const columns = { prefix_column: ["be", "kind"], text_column: ["one", "two"] };

  pythonTest("default-template, a template file and template text render the same messages", async () => {
    const folder = mkdtempSync(join(tmpdir(), "template-"));
    const file = join(folder, "chat.jinja");
    writeFileSync(file, "{{ messages }}");
    const texts = [
      await textOf(standInArgs(), columns),
      await textOf(standInArgs({}, { request_format: file }), columns),
      await textOf(standInArgs({}, { request_format: "{{ messages }}" }), columns),
      await textOf(standInArgs({}, { request_format: "plain" }), {
        text_column: ["<system>be kind<user>onetwo<assistant>"],
      }),
    ];
    rmSync(folder, { recursive: true });
    expect(new Set(texts).size).toBe(1);
  });

  pythonTest("without a template of its own the tokenizer's text is plain", async () => {
    const plain = await textOf(standInArgs({}, { request_format: "plain" }), columns);
    expect(await textOf(standInArgs({ chat_template: null }), columns)).toBe(plain);
    expect(await textOf(standInArgs({}, { request_format: "plain" }), { text_column: ["be kind onetwo"] })).toBe(plain);
  });

  pythonTest("a template that fails is the failure of the request", async () => {
    const { terminal } = await answerTo(standInArgs({}, { request_format: "{{ fail }}" }), columns);
    expect(terminal).toMatchObject({ type: "partial", failure: { code: "VLLM_PYTHON_TEMPLATE" } });
  });

  pythonTest("earlier turns are part of the prompt", async () => {
    await withStarted(standInArgs({}, { request_format: "plain" }), async (backend) => {
      const first = await ask(backend, { text: "a" });
      const request = { requestId: "2", columns: { text_column: ["b"] }, turnType: "standard" } as const;
      const usage = { inputMetrics: {}, outputMetrics: { text_tokens: null } } as never;
      const history = [
        {
          request: { ...request, ...(usage as object), columns: { text_column: ["a"] } },
          response: first.terminal.response,
        },
      ];
      const prepared = backend.prepare({ ...request, ...(usage as object) } as never, history as never);
      expect((prepared as { prompt?: unknown }).prompt).toMatchObject({
        messages: [{ role: "user" }, { role: "assistant" }, { role: "user", content: [{ text: "b" }] }],
      });
    });
  });

  pythonTest("an empty request is refused before it is sent", async () => {
    await withStarted(standInArgs(), async (backend) => {
      await expect(ask(backend, { columns: { text_column: [""] } })).rejects.toMatchObject({
        code: "CORE_BACKEND_UNUSABLE_REQUEST",
      });
    });
  });
});

describe("counts and stamps", () => {
  pythonTest("every token counts: the last one, those without text, and those that come together", async () => {
    const args = standInArgs({ step_tokens: 3, empty_text_every: 4 }, { vllm_config: { disable_log_stats: false } });
    await withStarted(args, async (backend) => {
      const { terminal, timings } = await ask(backend, { text: "a b c d", outputTokens: 10 });
      expect(terminal.response).toMatchObject({
        finishReason: "length",
        outputMetrics: { text_tokens: 10, text_words: 8 },
        inputMetrics: { text_tokens: 4, cached_tokens: 0 },
      });
      expect(timings.tokenIterations).toBeGreaterThan(0);
      expect(timings.tokenIterations).toBeLessThanOrEqual(4);
      expect(terminal.response.responseMetrics).toMatchObject({
        bridge_delay_ms: expect.any(Number),
        prefill_ms: expect.any(Number),
        output_delay_ms: expect.any(Number),
      });
    });
  });

  pythonTest("without a requested length the answer ends by itself, beyond vLLM's default of 16", async () => {
    await withStarted(standInArgs({}, { vllm_config: { max_model_len: 40 } }), async (backend) => {
      const { terminal } = await ask(backend, { text: "a" });
      expect(terminal.response).toMatchObject({ finishReason: "stop", outputMetrics: { text_tokens: 12 } });
    });
  });

  pythonTest("a prompt of known beginning comes from the cache, and the engine's statistics say so", async () => {
    const text = Array.from({ length: 40 }, (_, index) => `word${index}`).join(" ");
    const args = standInArgs({}, { request_format: "plain", vllm_config: { disable_log_stats: false } });
    await withStarted(args, async (backend) => {
      const [first, second] = [await ask(backend, { text }), await ask(backend, { text })];
      expect(first.terminal.response.inputMetrics.cached_tokens).toBe(0);
      expect(second.terminal.response.inputMetrics.cached_tokens).toBe(32);
      if (!(backend instanceof VllmPythonBackend)) throw new Error("another backend");
      expect(await backend.engineStats()).toMatchObject({
        prefix: { queries: 80, hits: 32 },
        prompt_tokens: 80,
        gen_tokens: 24,
      });
      expect(await backend.engineCounters()).toEqual({ requests: 2, promptTokens: 80, outputTokens: 24 });
    });
  });

  pythonTest("an engine without statistics has no counters", async () => {
    await withStarted(standInArgs({}, { vllm_config: { disable_log_stats: true } }), async (backend) => {
      await ask(backend);
      expect(await backend.engineCounters()).toBeNull();
    });
  });

  pythonTest("an answer as a whole has the engine's stamps when it tells them", async () => {
    const args = standInArgs({ ttft_ms: 5 }, { stream: false, vllm_config: { disable_log_stats: false } });
    await withStarted(args, async (backend) => {
      const { timings } = await ask(backend, { outputTokens: 8 });
      expect(timings.tokenIterations).toBe(0);
      expect(timings.firstTokenNs).toBeGreaterThan(timings.sendNs);
      expect(timings.lastTokenNs).toBeGreaterThan(timings.firstTokenNs);
      expect(timings.lastTokenNs).toBeLessThanOrEqual(timings.endNs);
    });
  });

  pythonTest(`${STREAMS} streams of ${TOKENS} tokens: sums match`, async () => {
    await withStarted(standInArgs({ itl_ms: 2 }), async (backend) => {
      const answers = await Promise.all(Array.from({ length: STREAMS }, () => ask(backend, { outputTokens: TOKENS })));
      const counts = answers.map(({ terminal }) => terminal.response.outputMetrics.text_tokens);
      expect(counts).toEqual(Array(STREAMS).fill(TOKENS));
      for (const { timings } of answers) {
        const times = timings.tokenTimesNs.subarray(0, timings.tokenIterations);
        expect(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0))).toBe(true);
      }
    });
  });

  pythonTest("stamps are those of the engine's side, however late this process reads", async () => {
    const folder = mkdtempSync(join(tmpdir(), "done-"));
    const file = join(folder, "done");
    await withStarted(standInArgs({ done_file: file }), async (backend) => {
      let busyUntilNs = Number.NaN;
      const clock = createClock(process.hrtime.bigint());
      /** Blocks this process from the first token until Python has taken the last one. */
      const block = (): void => {
        const limitMs = performance.now() + 20_000;
        while (!existsSync(file) && performance.now() < limitMs);
        busyUntilNs = clock.nowNs();
      };
      const { timings } = await ask(backend, { outputTokens: 60, onFirstToken: block, clock });
      const unread = timings.tokenTimesNs.subarray(1, timings.tokenIterations);
      expect(unread.length).toBeGreaterThan(10);
      expect(Math.max(...unread)).toBeLessThan(busyUntilNs);
    });
    rmSync(folder, { recursive: true });
  });
});

pythonTest("what the start says reaches the log, without control characters", async () => {
  const lines: string[] = [];
  const logger: Logger = {
    debug: (message) => lines.push(message),
    info: (message) => lines.push(`info ${message}`),
    warn: (message) => lines.push(`warn ${message}`),
  };
  const given = createBackend(
    standInArgs({ load_lines: 3 }, { vllm_config: { model: "other", trust_remote_code: true } }),
  );
  const backend = new VllmPythonBackend(given.args as ConstructorParameters<typeof VllmPythonBackend>[0], logger);
  await backend.startup();
  await backend.shutdown();
  expect(lines).toContain("info vLLM: loading the model");
  expect(lines).toContain("info vLLM: weights loaded in 2 s");
  expect(lines).toContain("vLLM: Loading shards: 50%");
  expect(lines.join("\n")).toContain("warn vllm_config.model is ignored");
  expect(lines.join("\n")).toContain("vllm_config.trust_remote_code makes vLLM run code from elsewhere");
  expect(lines.some((line) => line.startsWith("info vLLM 0.32.0 is ready"))).toBe(true);
});
