import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type MockServer, startMockServer } from "@core/mock-server";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { removeFolders, runGoodput } from "./support/run-goodput.js";

jest.setTimeout(60_000); // a whole process is started, beside the tests of other packages

/** What this reads of a report. */
interface ReportShape {
  readonly benchmarks: readonly [
    {
      readonly failures: readonly { readonly code: string; readonly count: number; readonly message: string }[];
      readonly scheduler_state: {
        readonly created_requests: number;
        readonly processed_requests: number;
        readonly successful_requests: number;
        readonly errored_requests: number;
        readonly cancelled_requests: number;
      };
    },
  ];
}

const OPENAI_HTTP = import.meta.resolve("@plugin/backend-openai-http");

/** A request format whose code ends the thread of the second worker at its 20th request. */
const DEADLY = `
  import { workerData } from "node:worker_threads";
  import { registerRequestFormat, requestFormats } from ${JSON.stringify(OPENAI_HTTP)};
  const chat = requestFormats.create({ kind: "/v1/chat/completions" });
  let made = 0;
  registerRequestFormat({
    name: "/v1/deadly", packageName: "deadly-format", packageVersion: "1.0.0", summary: "Deadly.",
    format: {
      ...chat,
      buildBody: (...given) => {
        made += 1;
        if (made === 20 && workerData?.worker === 1) process.exit(9);
        return chat.buildBody(...given);
      },
    },
  });`;

let server: MockServer;

beforeAll(async () => {
  server = await startMockServer({ port: 0, ttft_ms: 5, itl_ms: 1, output_tokens: 5 });
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

test("a worker that dies is named, its requests are errored, and the report holds what was measured", async () => {
  const backend = { kind: "openai_http", target: server.url, request_format: "/v1/deadly" };
  const finished = await runGoodput(
    [
      ...["run", "--backend", JSON.stringify({ ...backend, api_routes: { "/v1/deadly": "v1/chat/completions" } })],
      ...["--profile", "kind=concurrent,streams=4", "--workers", "2", "--plugin", "./deadly.mjs"],
      ...["--data", "kind=synthetic_text,prompt_tokens=5,output_tokens=5", "--output-dir", "out"],
      ...["--constraint", "kind=max_requests,count=100000"],
    ],
    { setUp: (folder) => writeFile(join(folder, "deadly.mjs"), DEADLY) },
  );
  expect(finished.code).toBe(5);
  expect(finished.stderr).toContain("Request worker 1 died: exit code 9");
  const report = JSON.parse(await readFile(join(finished.folder, "out/benchmarks.json"), "utf8")) as ReportShape;
  const [{ failures, scheduler_state: state }] = report.benchmarks;
  const [death] = failures.filter(({ code }) => code === "CORE_SCHEDULER_WORKER_DIED");
  expect(death?.message).toContain("worker 1");
  expect(death?.count).toBeGreaterThan(0);
  expect(state.errored_requests).toBe(death?.count);
  expect(state.successful_requests).toBeGreaterThan(0);
  expect(state.created_requests).toBe(state.processed_requests);
  expect(state.processed_requests).toBe(state.successful_requests + state.errored_requests + state.cancelled_requests);
});
