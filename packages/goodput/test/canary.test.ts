import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startMockServer } from "@core/mock-server";
import { afterAll, expect, jest, test } from "@jest/globals";
import { removeFolders, runGoodput } from "./support/run-goodput.js";

jest.setTimeout(60_000); // whole processes are started, beside the tests of other packages

afterAll(removeFolders);

test("a canary is read beside the load, not counted with it, and says how late this client reads", async () => {
  const server = await startMockServer({ port: 0, ttft_ms: 20, itl_ms: 5 });
  const finished = await runGoodput([
    ...["run", "--backend", `kind=openai_http,target=${server.url}`, "--output-dir", "out", "--canary", "true"],
    ...["--data", "kind=synthetic_text,prompt_tokens=16,output_tokens=8"],
    ...["--profile", "kind=concurrent,streams=2", "--constraint", "kind=max_duration,seconds=3", "--workers", "1"],
  ]);
  const truth = server.truthLog();
  await server.close();
  expect(finished.stderr).toContain("Wrote ");
  expect(finished.code).toBe(0);
  const [benchmark] = JSON.parse(await readFile(join(finished.folder, "out", "benchmarks.json"), "utf8")).benchmarks;
  expect(benchmark.scheduler_state.created_requests).toBe(truth.length);
  const { streams, read_lag_ms: lag } = benchmark.client.canary;
  expect(streams).toBeGreaterThanOrEqual(1);
  expect(lag.count).toBe(32 * streams);
  expect(lag.mean).toBeGreaterThan(0);
  expect(lag.p50).toBeLessThanOrEqual(lag.p99);
  expect(benchmark.validity.ttft_error_bound_ms).toBeGreaterThan(lag.mean);
});
