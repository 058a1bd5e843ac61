import { expect, jest } from "@jest/globals";
import "../src/index.js";
import { ask, withStarted } from "./support/ask.js";
import { pythonTest, standInArgs } from "./support/stand-in.js";

jest.setTimeout(120_000);

const NEVER_S = 3_600;

function batchArgs(script: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>>) {
  return standInArgs(script, { kind: "vllm_python_batch", ...more });
}

pythonTest("as many requests as a batch holds are generated at once, and know it", async () => {
  await withStarted(batchArgs({}, { batch_size: 5, batch_timeout: NEVER_S }), async (backend) => {
    const answers = await Promise.all([3, 5, 7, 2, 4].map((outputTokens) => ask(backend, { outputTokens })));
    expect(answers.map(({ terminal }) => terminal.response.outputMetrics.text_tokens)).toEqual([3, 5, 7, 2, 4]);
    for (const { terminal, timings } of answers) {
      expect(terminal.response.responseMetrics).toMatchObject({ batch_size: 5, batch_wait_ms: expect.any(Number) });
      expect(timings.iterations).toBe(1);
      expect(timings.firstTokenNs).toBeNaN();
    }
  });
});

pythonTest("fewer are generated after the time", async () => {
  await withStarted(batchArgs({}, { batch_size: 100, batch_timeout: 0.001 }), async (backend) => {
    const { terminal } = await ask(backend, { outputTokens: 3 });
    expect(terminal).toMatchObject({ type: "final", response: { responseMetrics: { batch_size: 1 } } });
  });
});

pythonTest("a batch that fails fails every request of it", async () => {
  const args = batchArgs({ fail_with: "no luck" }, { batch_size: 3, batch_timeout: NEVER_S });
  await withStarted(args, async (backend) => {
    const answers = await Promise.all([1, 2, 3].map(() => ask(backend)));
    for (const { terminal } of answers) {
      expect(terminal).toMatchObject({
        type: "partial",
        failure: { code: "VLLM_PYTHON_GENERATION_FAILED", message: expect.stringContaining("no luck") },
      });
    }
  });
});

pythonTest("the engine's stamps give the first and the last token when it tells them", async () => {
  const args = batchArgs({ itl_ms: 2 }, { batch_size: 1, vllm_config: { disable_log_stats: false } });
  await withStarted(args, async (backend) => {
    const { timings } = await ask(backend, { outputTokens: 6 });
    expect(timings.firstTokenNs).toBeGreaterThan(timings.sendNs);
    expect(timings.lastTokenNs).toBeGreaterThan(timings.firstTokenNs);
    expect(timings.tokenIterations).toBe(0);
  });
});

pythonTest("the engine's own counters are those of what arrived, when it keeps statistics", async () => {
  const more = { batch_size: 3, batch_timeout: NEVER_S, request_format: "plain" };
  await withStarted(batchArgs({}, { ...more, vllm_config: { disable_log_stats: false } }), async (backend) => {
    expect(await backend.engineCounters()).toEqual({ requests: 0, promptTokens: 0, outputTokens: 0 });
    await Promise.all([3, 5, null].map((outputTokens) => ask(backend, { text: "a b", outputTokens })));
    expect(await backend.engineCounters()).toEqual({ requests: 3, promptTokens: 6, outputTokens: 3 + 5 + 12 });
  });
  await withStarted(batchArgs({}, { batch_size: 1 }), async (backend) => {
    expect(await backend.engineCounters()).toBeNull();
  });
});
