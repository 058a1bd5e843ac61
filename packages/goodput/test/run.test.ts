import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { type MockServer, startMockServer } from "@core/mock-server";
import { afterAll, afterEach, describe, expect, jest, test } from "@jest/globals";
import { type Finished, type RunGoodputOptions, removeFolders, runGoodput } from "./support/run-goodput.js";

/** What these tests read of a report. */
interface ReportShape {
  readonly config: { readonly spec: unknown };
  readonly conclusions: readonly unknown[];
  readonly benchmarks: readonly {
    readonly scheduler_state: Readonly<Record<string, unknown>> & {
      readonly start_time: number;
      readonly created_requests: number;
      readonly successful_requests: number;
      readonly errored_requests: number;
      readonly cancelled_requests: number;
      readonly end_queuing_constraints: Readonly<Record<string, unknown>>;
    };
    readonly validity: { readonly verdict: string };
    readonly stop_reasons: readonly { readonly kind: string }[];
    readonly requests: {
      readonly successful: readonly {
        readonly output: string | null;
        readonly output_metrics: { readonly text_tokens: number };
        readonly info: { readonly timings: { readonly targeted_start: number } };
      }[];
    };
  }[];
}

jest.setTimeout(60_000); // whole processes are started, beside the tests of other packages

const DATA = ["--data", "kind=synthetic_text,prompt_tokens=16,output_tokens=8"];
const TO_FOLDER = ["--output-dir", "out"];

const KEY = "sk-do-not-show";

let server: MockServer | null = null;

async function serve(options: Parameters<typeof startMockServer>[0]): Promise<readonly string[]> {
  server = await startMockServer({ port: 0, ttft_ms: 2, itl_ms: 1, ...options });
  return ["run", "--backend", `kind=openai_http,target=${server.url}`, ...TO_FOLDER];
}

async function reportOf({ folder }: Finished): Promise<ReportShape> {
  return JSON.parse(await readFile(join(folder, "out", "benchmarks.json"), "utf8")) as ReportShape;
}

/** Intended starts after the start of the benchmark, in microseconds, ascending. */
function offsetsOf({ requests, scheduler_state }: ReportShape["benchmarks"][number]): readonly number[] {
  return requests.successful
    .map(({ info }) => Math.round((info.timings.targeted_start - scheduler_state.start_time) * 1e6))
    .sort((left, right) => left - right);
}

function expectConserved({ benchmarks }: ReportShape): void {
  for (const { scheduler_state: state } of benchmarks) {
    const ended = state.successful_requests + state.errored_requests + state.cancelled_requests;
    expect(ended).toBe(state.created_requests);
  }
}

afterEach(async () => {
  await server?.close();
  server = null;
});
afterAll(removeFolders);

describe("goodput run", () => {
  test("a search answers after the tables and in the report, and its arrivals can be replayed", async () => {
    const run = await serve({});
    const finished = await runGoodput([
      ...run,
      ...DATA,
      ...["--profile", "kind=search,load=rate,initial=50,maximum=100,max_stretch=1,warmup=0"],
      ...["--objective", "e2el<=10s"],
      ...["--constraint", "kind=max_requests,count=100"],
    ]);
    expect(finished.code).toBe(0);
    expect(finished.stdout).toContain("100 requests per second meet the objectives");
    const { conclusions, benchmarks } = await reportOf(finished);
    expect(conclusions).toMatchObject([{ kind: "load_search", highest_passing: 100, stop_reason: "maximum_reached" }]);
    const replay = ["--replay-schedule", join(finished.folder, "out", "benchmarks.json")];
    const again = await reportOf(await runGoodput([...run, ...DATA, ...replay]));
    expect(again.benchmarks.map(offsetsOf)).toEqual(benchmarks.map(offsetsOf));
  });

  test("an objective that is missed ends with a code of its own, one that is met or only explored does not", async () => {
    const run = await serve({ ttft_ms: 20 });
    const words = [...run, ...DATA, ...["--constraint", "kind=max_requests,count=20"]];
    const constant = ["--profile", "kind=constant,rate=100"];
    const missed = await runGoodput([...words, ...constant, ...["--objective", "ttft<=1ms"]]);
    expect(missed.code).toBe(8);
    expect(missed.stdout).toMatch(/ttft<=1ms +missed/);
    expect((await runGoodput([...words, ...constant, ...["--objective", "errors<=50%"]])).code).toBe(0);
    const search = ["--profile", "kind=search,load=rate,initial=50,minimum=50,max_stretch=1,warmup=0"];
    expect((await runGoodput([...words, ...search, ...["--objective", "ttft<=1ms"]])).code).toBe(8);
  });

  test("counts what the server counted, in every step, and writes all results", async () => {
    const run = await serve({});
    const finished = await runGoodput([
      ...run,
      ...DATA,
      ...["--profile", "kind=concurrent,streams=[1,4]"],
      ...["--constraint", "kind=max_requests,count=12"],
    ]);
    expect(finished.stderr).toContain("Wrote ");
    expect(finished.code).toBe(0);
    expect(finished.files).toEqual(["out", "out/benchmarks.csv", "out/benchmarks.json"]);
    expect(finished.stdout).toContain("Time to first token, ms");
    const report = await reportOf(finished);
    expectConserved(report);
    expect(report.benchmarks.map(({ scheduler_state }) => scheduler_state.successful_requests)).toEqual([12, 12]);
    const truth = server?.truthLog() ?? [];
    expect(truth.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 24 }, () => "completed"));
    const tokens = report.benchmarks.flatMap(({ requests }) => requests.successful).map((one) => one.output_metrics);
    expect(tokens.map(({ text_tokens }) => text_tokens)).toEqual(truth.map(({ outputTokens }) => outputTokens));
    const rows = (await readFile(join(finished.folder, "out", "benchmarks.csv"), "utf8")).trim().split(/\r?\n/);
    expect(rows.filter((row) => row.includes("concurrent"))).toHaveLength(2);
  });

  test("the schedule does not depend on the number of workers", async () => {
    const run = await serve({});
    const offsets = async (workers: string): Promise<readonly number[]> => {
      const finished = await runGoodput([
        ...run,
        ...DATA,
        ...["--profile", "kind=poisson,rate=300"],
        ...["--constraint", "kind=max_requests,count=150", "--workers", workers],
      ]);
      expect(finished.code).toBe(0);
      const [benchmark] = (await reportOf(finished)).benchmarks;
      const starts = benchmark?.requests.successful.map(({ info }) => info.timings.targeted_start) ?? [];
      const sorted = starts.toSorted((one, other) => one - other);
      return sorted.map((at) => Math.round((at - (sorted[0] ?? 0)) * 1e5));
    };
    const one = await offsets("1");
    const two = await offsets("2");
    expect(one).toHaveLength(150);
    // whole seconds since 1970 as a double are good to about 0.2 µs
    expect(two.every((offset, at) => Math.abs(offset - (one[at] ?? Number.NaN)) <= 1)).toBe(true);
  });

  test("--dry-run prints the configuration, masks the key and contacts nobody", async () => {
    const listener = await startCounting();
    const backend = `kind=openai_http,target=http://127.0.0.1:${listener.port}`;
    const finished = await runGoodput(["run", "--backend", backend, ...DATA, ...TO_FOLDER, "--dry-run"], {
      env: { GOODPUT__SPEC__BACKEND__API_KEY: KEY },
    });
    listener.close();
    expect(finished.code).toBe(0);
    expect(finished.stdout).not.toContain(KEY);
    expect(JSON.parse(finished.stdout)).toMatchObject({
      metadata: {},
      spec: { backend: { kind: "openai_http", api_key: "**********" }, profile: { kind: "sweep" } },
      benchmarks: expect.anything(),
    });
    expect(finished.files).toEqual([]);
    expect(listener.count()).toBe(0);
  });

  test("a key is in no output, whatever fails", async () => {
    const run = await serve({ api_key: KEY, error_rate: 0.5 });
    const finished = await runGoodput(
      [...run, ...DATA, ...["--profile", "kind=synchronous", "--constraint", "kind=max_requests,count=8"]],
      { env: { GOODPUT__SPEC__BACKEND__API_KEY: KEY } },
    );
    expect(finished.code).toBe(0);
    const written = await Promise.all(
      ["benchmarks.json", "benchmarks.csv"].map((name) => readFile(join(finished.folder, "out", name), "utf8")),
    );
    for (const text of [finished.stdout, finished.stderr, ...written]) expect(text).not.toContain(KEY);
  });

  test("no success is no success", async () => {
    const run = await serve({ error_rate: 1 });
    const finished = await runGoodput([
      ...run,
      ...DATA,
      ...["--profile", "kind=synchronous", "--constraint", "kind=max_requests,count=3"],
    ]);
    expect(finished.code).toBe(4);
    const report = await reportOf(finished);
    expectConserved(report);
    expect(report.benchmarks[0]?.scheduler_state).toMatchObject({ successful_requests: 0, errored_requests: 3 });
    expect(finished.stdout).toContain("500");
  });

  test("a server that never answers ends at the limit plus grace", async () => {
    const run = await serve({ hang_rate: 1 });
    const limits = ["--profile", "kind=concurrent,streams=3", "--constraint", "kind=max_duration,seconds=0.4"];
    const finished = await runGoodput([...run, ...DATA, ...limits], { env: { GOODPUT__SPEC__GRACE_SECONDS: "0.2" } });
    expect(finished.code).toBe(4);
    const report = await reportOf(finished);
    expectConserved(report);
    expect(report.benchmarks[0]?.scheduler_state).toMatchObject({ created_requests: 3, cancelled_requests: 3 });
    expect(Object.keys(report.benchmarks[0]?.scheduler_state.end_queuing_constraints ?? {})).toEqual(["max_duration"]);
  });

  test("too many errors end a run that nothing else would end, and the rest of the profile", async () => {
    const run = await serve({ error_rate: 1 });
    const finished = await runGoodput([
      ...run,
      ...DATA,
      ...["--profile", "kind=concurrent,streams=[2,4]"],
      ...["--constraint", "kind=max_error_rate,rate=0.5,window=10,stopping_scope=all"],
      ...["--constraint", "kind=max_duration,seconds=50"],
    ]);
    expect(finished.code).toBe(4);
    const report = await reportOf(finished);
    expectConserved(report);
    expect(report.benchmarks.map(({ stop_reasons }) => stop_reasons.map(({ kind }) => kind))).toEqual([
      ["max_error_rate"],
    ]);
  });

  test.each([
    ["true", 7],
    ["false", 0],
  ])("an invalid verdict, fail_on_invalid %s, ends with %d", async (fail, code) => {
    const run = await serve({});
    const rule = "warnings[0].code=slow,warnings[0].metric.name=request_latency.successful,warnings[0].threshold=0";
    const finished = await runGoodput(
      [
        ...run,
        ...DATA,
        ...["--profile", "kind=synchronous", "--constraint", "kind=max_requests,count=2"],
        ...["--metrics", `kind=generative,${rule},warnings[0].severity=invalid`],
      ],
      { env: { GOODPUT__SPEC__FAIL_ON_INVALID: fail } },
    );
    expect(finished.code).toBe(code);
    expect(finished.stdout).toMatch(/Verdict\n {2}✗ synchronous: invalid \(.*slow\)/);
    const { benchmarks } = await reportOf(finished);
    expect(benchmarks[0]?.validity.verdict).toBe("invalid");
  });

  test("an interrupt lets requests end and reports what there is", async () => {
    const run = await serve({});
    const finished = await runGoodput([...run, ...DATA, "--profile", "kind=concurrent,streams=2"], {
      onStderr: interruptAt(" started\n"),
    });
    expect(finished.code).toBe(130);
    const report = await reportOf(finished);
    expectConserved(report);
    expect(report.benchmarks[0]?.scheduler_state.cancelled_requests).toBe(0);
  });

  test("a second interrupt cuts the requests in flight", async () => {
    const run = await serve({ hang_rate: 1 });
    const finished = await runGoodput([...run, ...DATA, "--profile", "kind=concurrent,streams=2"], {
      onStderr: interruptAt(" started\n", "Interrupt again"),
    });
    expect(finished.code).toBe(130);
    const report = await reportOf(finished);
    expectConserved(report);
    expect(report.benchmarks[0]?.scheduler_state.successful_requests).toBe(0);
  });
});

/** Interrupts once for each text, in this order, when stderr has it. */
function interruptAt(...texts: readonly string[]): NonNullable<RunGoodputOptions["onStderr"]> {
  const waiting = [...texts];
  return (stderr, kill) => {
    if (waiting[0] === undefined || !stderr.includes(waiting[0])) return;
    waiting.shift();
    kill("SIGINT");
  };
}

/** Something that listens and counts who comes. */
async function startCounting(): Promise<{ readonly port: number; readonly count: () => number; close(): void }> {
  let connections = 0;
  const listener = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await once(listener.listen(0, "127.0.0.1"), "listening");
  const { port } = listener.address() as AddressInfo;
  return { port, count: () => connections, close: () => listener.close() };
}
