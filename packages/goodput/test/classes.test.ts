import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type MockServer, startMockServer } from "@core/mock-server";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { type Finished, removeFolders, runGoodput } from "./support/run-goodput.js";

jest.setTimeout(60_000); // whole processes are started, beside the tests of other packages

let server: MockServer;
beforeAll(async () => {
  server = await startMockServer({ port: 0, ttft_ms: 5, itl_ms: 1 });
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

/** What these tests read of a report. */
interface ReportShape {
  readonly benchmarks: readonly {
    readonly metrics: {
      readonly objectives: readonly { readonly objective: string; readonly determined_requests: number }[];
      readonly classes: readonly {
        readonly traffic_class: string;
        readonly request_totals: { readonly successful: number };
      }[];
    };
    readonly requests: { readonly successful: readonly { readonly info: { readonly traffic_class: string } }[] };
  }[];
}

/** Forty conversations of two turns, every fourth of the class "batch". */
const ROWS = Array.from({ length: 40 }, (_, at) => ({
  prompt_0: `question ${at}`,
  prompt_1: "and then",
  output_tokens_count: 4,
  class: at % 4 === 0 ? "batch" : "chat",
}));

function run(...objectives: readonly string[]): Promise<Finished> {
  return runGoodput(
    [
      ...["run", "--backend", `kind=openai_http,target=${server.url}`, "--output-dir", "out"],
      ...["--data", "kind=json_file,path=data.jsonl", "--profile", "kind=concurrent,streams=4"],
      ...objectives.flatMap((objective) => ["--objective", objective]),
    ],
    { setUp: (folder) => writeFile(join(folder, "data.jsonl"), ROWS.map((row) => JSON.stringify(row)).join("\n")) },
  );
}

test("objectives for a class of traffic and for later turns look at those requests alone", async () => {
  const finished = await run("ttft.p50{class=chat}<=10s", "errors[class=batch]<=50%", "ttft{turn>=1}<=10s");
  expect(finished.code).toBe(0);
  expect(finished.stdout).toMatch(/ttft\[class=chat\]\.p50<=10000ms +met/);
  const report = JSON.parse(await readFile(join(finished.folder, "out", "benchmarks.json"), "utf8")) as ReportShape;
  const [benchmark] = report.benchmarks;
  expect(benchmark?.metrics.objectives.map((one) => [one.objective, one.determined_requests])).toEqual([
    ["ttft[class=chat].p50<=10000ms", 60],
    ["errors[class=batch]<=50%", 20],
    ["ttft[turn>=1]<=10000ms", 40],
  ]);
  const totals = benchmark?.metrics.classes.map((one) => [one.traffic_class, one.request_totals.successful]);
  expect(totals?.sort()).toEqual([
    ["batch", 20],
    ["chat", 60],
  ]);
  const names = benchmark?.requests.successful.map(({ info }) => info.traffic_class);
  expect(names?.filter((name) => name === "batch")).toHaveLength(20);
});

test("an objective for a class that the data does not have is refused before anything is sent", async () => {
  const finished = await run("ttft[class=chta]<=1s");
  expect(finished.code).toBe(3);
  expect(finished.stderr).toContain("(did you mean chat?)");
  expect(finished.files).not.toContain("out/benchmarks.json");
});
