import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type MockServer, startMockServer } from "@core/mock-server";
import { afterAll, afterEach, expect, jest, test } from "@jest/globals";
import { removeFolders, runGoodput } from "./support/run-goodput.js";

jest.setTimeout(60_000); // whole processes are started, beside the tests of other packages

let server: MockServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});
afterAll(removeFolders);

/** What this reads of a report. */
interface ReportShape {
  readonly benchmarks: readonly [
    {
      readonly token_accounting: { readonly sources: { readonly server: number }; readonly requested_length: object };
      readonly requests: {
        readonly successful: readonly {
          readonly output_tokens_source: string;
          readonly reasoning_output: string;
          readonly info: { readonly turn_index: number };
          readonly input_metrics: { readonly text_tokens: number };
        }[];
      };
    },
  ];
}

test.each([
  ["/v1/chat/completions", ""],
  ["/v1/completions", ""],
  ["/v1/responses", ""],
  ["/v1/responses", ",server_history=true"],
  ["/v1/messages", ""],
])("conversations of three turns over %s%s carry what was said before", async (request_format, more) => {
  server = await startMockServer({ port: 0, ttft_ms: 0, itl_ms: 0, reasoning_tokens: 2 });
  const backend = `kind=openai_http,target=${server.url},request_format=${request_format}${more}`;
  const finished = await runGoodput([
    ...["run", "--backend", backend, "--profile", "kind=concurrent,streams=2", "--output-dir", "out"],
    ...["--data", "kind=synthetic_text,prompt_tokens=10,output_tokens=6,turns=3"],
    ...["--constraint", "kind=max_requests,count=12"],
  ]);
  expect(finished.stderr).toContain("Wrote ");
  const report = JSON.parse(await readFile(join(finished.folder, "out", "benchmarks.json"), "utf8")) as ReportShape;
  const [{ requests, token_accounting: accounting }] = report.benchmarks;
  expect(accounting).toMatchObject({ sources: { server: 12 }, requested_length: { requests: 12, met: 12 } });
  const isPlain = request_format === "/v1/completions";
  const reply = isPlain || more !== "" ? 6 : 4; // reasoning is not sent again, but a server that keeps it counts it
  for (const { info, input_metrics, output_tokens_source, reasoning_output } of requests.successful) {
    expect(output_tokens_source).toBe("server");
    expect(reasoning_output === null).toBe(isPlain);
    expect(input_metrics.text_tokens).toBe(10 + info.turn_index * (10 + reply));
  }
  expect(requests.successful.map(({ info }) => info.turn_index)).toContain(2);
});

/** What this reads of a report with sub-agents. */
interface BranchedReport {
  readonly benchmarks: readonly [
    {
      readonly scheduler_state: { readonly successful_requests: number };
      readonly requests: {
        readonly successful: readonly {
          readonly input_metrics: { readonly text_tokens: number };
          readonly info: {
            readonly conversation_id: string;
            readonly node_id: string;
            readonly agent_id: string;
            readonly turn_index: number;
            readonly timings: { readonly request_start: number; readonly request_end: number };
          };
        }[];
      };
    },
  ];
}

test("sub-agents work at the same time, and the main agent reads their last answers", async () => {
  server = await startMockServer({ port: 0, ttft_ms: 200, itl_ms: 0 });
  const data = {
    kind: "synthetic_text",
    prompt_tokens: 10,
    output_tokens: 6,
    turns: 2,
    branches: [
      { at_turn: 0, turns: 1, agent_id: "left" },
      { at_turn: 0, turns: 1, agent_id: "right" },
    ],
  };
  const finished = await runGoodput([
    ...["run", "--backend", `kind=openai_http,target=${server.url}`, "--output-dir", "out"],
    ...["--profile", "kind=concurrent,streams=1,concurrency_unit=conversation", "--data", JSON.stringify(data)],
    ...["--constraint", "kind=max_requests,count=8"],
  ]);
  expect(finished.stderr).toContain("Wrote ");
  const report = JSON.parse(await readFile(join(finished.folder, "out", "benchmarks.json"), "utf8")) as BranchedReport;
  const [{ requests, scheduler_state: state }] = report.benchmarks;
  expect(state.successful_requests).toBe(8);
  const ids = [...new Set(requests.successful.map(({ info }) => info.conversation_id))];
  expect(ids).toHaveLength(2);
  for (const id of ids) {
    const turn = (agent: string, node: string) => {
      const found = requests.successful.find(
        ({ info }) => info.conversation_id === id && info.agent_id === agent && info.node_id === node,
      );
      if (found === undefined) throw new Error(`${id} has no ${node}`);
      return { ...found.info.timings, tokens: found.input_metrics.text_tokens };
    };
    const [first, last] = [turn("default", "main_0"), turn("default", "main_1")];
    const [left, right] = [turn("left", "branch_0_0"), turn("right", "branch_1_0")];
    expect(Math.max(left.request_start, right.request_start)).toBeLessThan(
      Math.min(left.request_end, right.request_end),
    );
    expect(Math.min(left.request_start, right.request_start)).toBeGreaterThanOrEqual(first.request_end);
    expect(last.request_start).toBeGreaterThanOrEqual(Math.max(left.request_end, right.request_end));
    expect([first, left, right, last].map(({ tokens }) => tokens)).toEqual([10, 10, 10, 10 + 3 * (10 + 6)]);
  }
});
