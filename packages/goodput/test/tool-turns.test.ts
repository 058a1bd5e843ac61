import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type MockServer, startMockServer } from "@core/mock-server";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { removeFolders, runGoodput } from "./support/run-goodput.js";

jest.setTimeout(60_000); // whole processes are started, beside the tests of other packages

let server: MockServer;
beforeAll(async () => {
  server = await startMockServer({ port: 0, ttft_ms: 2, itl_ms: 1 });
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

interface ReportShape {
  readonly benchmarks: readonly {
    readonly requests: {
      readonly successful: readonly {
        readonly request_args: string;
        readonly tool_calls: readonly { readonly id: string }[] | null;
        readonly output_metrics: { readonly tool_call_count: number | null };
        readonly info: { readonly node_id: string };
      }[];
    };
  }[];
}

interface Body {
  readonly tools?: unknown;
  readonly tool_choice?: string;
  readonly max_completion_tokens?: number;
  readonly messages: readonly { readonly role: string; readonly tool_call_id?: string; readonly content: unknown }[];
}

test("a generated turn with a tool is a call, then its result with the call's identifier, then the conversation goes on", async () => {
  const finished = await runGoodput([
    ...["run", "--backend", `kind=openai_http,target=${server.url}`, "--output-dir", "out"],
    ...["--data", "kind=synthetic_text,prompt_tokens=16,output_tokens=8,turns=2,tool_call_turns=1"],
    ...["--profile", "kind=synchronous", "--constraint", "kind=max_requests,count=6"],
  ]);
  expect(finished.code).toBe(0);
  const report = JSON.parse(await readFile(join(finished.folder, "out", "benchmarks.json"), "utf8")) as ReportShape;
  const requests = report.benchmarks[0]?.requests.successful ?? [];
  const nodes = ["main_0", "main_0_injection", "main_1"];
  expect(requests.map(({ info }) => info.node_id)).toEqual([...nodes, ...nodes]);
  const [call, injection, last] = requests;
  const body = (at: number) => (JSON.parse(requests[at]?.request_args ?? "{}") as { readonly body: Body }).body;
  expect(body(0)).toMatchObject({ tool_choice: "required", tools: [{ function: { name: "get_data" } }] });
  expect(body(0)).not.toHaveProperty("max_completion_tokens");
  expect(call?.output_metrics.tool_call_count).toBe(1);
  expect(body(1).messages.at(-1)).toEqual({
    role: "tool",
    tool_call_id: call?.tool_calls?.[0]?.id,
    content: '{"status": "ok"}',
  });
  expect(body(1)).toMatchObject({ max_completion_tokens: 8 });
  expect(injection?.tool_calls).toBeNull();
  expect(body(2).messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant", "user"]);
  expect(last?.tool_calls).toBeNull();
});
