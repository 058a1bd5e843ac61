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
