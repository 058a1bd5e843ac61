import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type MockServer, startMockServer } from "@core/mock-server";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { removeFolders, runGoodput } from "./support/run-goodput.js";

jest.setTimeout(60_000); // a whole process is started, beside the tests of other packages

/** What this test reads of a distribution. */
interface Distribution {
  readonly mean: number | null;
  readonly min: number | null;
  readonly count: number;
  readonly percentiles: Readonly<Record<"p99", number | null>>;
}

type Metric = Readonly<Record<"successful" | "total", Distribution>>;
type Modality = Readonly<Record<"input" | "output", Metric | null>>;

type MetricName =
  | "request_latency"
  | "requests_per_second"
  | "prompt_token_count"
  | "output_token_count"
  | "output_tokens_per_second"
  | "output_tokens_per_iteration"
  | "time_to_first_token_ms"
  | "time_to_first_output_token_ms"
  | "time_per_output_token_ms"
  | "inter_token_latency_ms"
  | "inter_token_gap_ms";

interface ReportShape {
  readonly benchmarks: readonly {
    readonly metrics: Readonly<Record<MetricName, Metric>> & {
      readonly request_totals: unknown;
      readonly text: { readonly tokens: Modality };
      readonly audio: Readonly<Record<"tokens" | "seconds" | "bytes", Modality>>;
    };
    readonly requests: { readonly successful: readonly { readonly request_args: string }[] };
  }[];
}

const OPENAI_HTTP = import.meta.resolve("@plugin/backend-openai-http");

const TTFT_MS = 20;
/** A single stamp may lie a little before the read (docs/decisions/0012-stamps-of-a-look.md). */
const STAMP_MS = 1;
const REQUESTS = 6;

let server: MockServer;

beforeAll(async () => {
  server = await startMockServer({ port: 0, ttft_ms: TTFT_MS, itl_ms: 2, output_tokens: 5 });
});

afterAll(async () => {
  await server.close();
  await removeFolders();
});

/** A plugin as another package would write it, which imports the backend by its name. */
const OWN_FORMAT = `
  import { registerRequestFormat, requestFormats } from ${JSON.stringify(OPENAI_HTTP)};
  registerRequestFormat({
    name: "/v1/mine", packageName: "my-format", packageVersion: "1.0.0", summary: "Mine.",
    format: {
      ...requestFormats.create({ kind: "/v1/embeddings" }),
      buildBody: ({ columns }, history, { model }) => ({ model, input: columns.text_column, dimensions: 3 }),
    },
  });`;

/** A run of one format over the whole command line, with files of its own. */
async function run(format: string, words: readonly string[], backend: object = {}) {
  server.resetTruth();
  const args = { kind: "openai_http", target: server.url, request_format: format, ...backend };
  const finished = await runGoodput(
    [
      ...["run", "--backend", JSON.stringify(args)],
      ...["--profile", "kind=concurrent,streams=[2]", "--constraint", `kind=max_requests,count=${REQUESTS}`],
      ...["--output-dir", "out", ...words],
    ],
    { setUp: writeData },
  );
  expect([finished.code, finished.stderr.includes("failed")]).toEqual([0, false]);
  const report = JSON.parse(await readFile(join(finished.folder, "out/benchmarks.json"), "utf8")) as ReportShape;
  const [benchmark] = report.benchmarks;
  if (benchmark === undefined) throw new Error("no benchmark was reported");
  expect(benchmark.metrics.request_totals).toEqual({
    successful: REQUESTS,
    errored: 0,
    incomplete: 0,
    total: REQUESTS,
  });
  return { ...finished, benchmark, metrics: benchmark.metrics };
}

async function writeData(folder: string): Promise<void> {
  const wave = Buffer.alloc(44 + 16_000);
  wave.write("RIFF", 0, "latin1");
  wave.write("WAVEfmt ", 8, "latin1");
  wave.writeUInt32LE(16, 16);
  wave.writeUInt32LE(32_000, 28);
  wave.writeUInt16LE(2, 32);
  wave.write("data", 36, "latin1");
  wave.writeUInt32LE(16_000, 40);
  await writeFile(join(folder, "half-a-second.wav"), wave);
  await writeFile(join(folder, "speech.csv"), `audio\n${"half-a-second.wav\n".repeat(REQUESTS)}`);
  const ranked = JSON.stringify({ query: "one two", documents: ["three", "four five"] });
  await writeFile(join(folder, "ranked.jsonl"), `${ranked}\n`.repeat(REQUESTS));
  await writeFile(join(folder, "mine.mjs"), OWN_FORMAT);
  const pooled = JSON.stringify({ prompt: { data: { indices: [1, 2] }, priority: 0 } });
  await writeFile(join(folder, "pooled.jsonl"), `${pooled}\n`.repeat(REQUESTS));
}

const SYNTHETIC = ["--data", "kind=synthetic_text,prompt_tokens=16,prefix_tokens=4"];
const POOLED = ["--data", "kind=json_file,path=pooled.jsonl", "--data-column-mapper", "kind=pooling_column_mapper"];

describe("formats without output tokens", () => {
  test.each([
    ["/v1/embeddings", SYNTHETIC, 16],
    ["/pooling", SYNTHETIC, 16],
    ["/pooling", POOLED, null],
    ["/rerank", ["--data", "kind=json_file,path=ranked.jsonl"], 7],
    ["/score", SYNTHETIC, 20],
  ])("%s with %j: %j input tokens", async (format, words, inputTokens) => {
    const { metrics, stdout, stderr } = await run(format, words);
    expect(metrics.request_latency.successful.min).toBeGreaterThanOrEqual((TTFT_MS - STAMP_MS) / 1000);
    expect(metrics.requests_per_second.successful.mean).toBeGreaterThan(0);
    expect(metrics.prompt_token_count.successful.mean).toBe(inputTokens);
    for (const absent of [
      ...[metrics.output_token_count, metrics.output_tokens_per_second, metrics.time_to_first_token_ms],
      ...[metrics.time_to_first_output_token_ms, metrics.inter_token_latency_ms, metrics.inter_token_gap_ms],
      ...[metrics.time_per_output_token_ms, metrics.output_tokens_per_iteration],
    ]) {
      expect([absent.successful.mean, absent.total.mean, absent.total.percentiles.p99]).toEqual([null, null, null]);
    }
    expect(metrics.text.tokens.output).toBeNull();
    expect(stdout).toMatch(/Request latency/);
    expect(stdout).not.toMatch(/first token|Inter-token|Output|--|NaN/);
    expect(stdout.includes("Input")).toBe(inputTokens !== null);
    expect(stderr).not.toMatch(/tok\/s|TTFT/);
    expect(server.truthLog().map(({ path, completed }) => [path, completed])).toEqual(
      Array.from({ length: REQUESTS }, () => [format, true]),
    );
  });
});

describe("formats of speech", () => {
  test.each([
    ["/v1/audio/transcriptions", true],
    ["/v1/audio/translations", true],
    ["/v1/audio/transcriptions", false],
  ])("%s, streamed %j", async (format, streamed) => {
    const words = ["--data", "kind=csv_file,path=speech.csv"];
    const { metrics, stdout, benchmark } = await run(format, words, { stream: streamed });
    expect(metrics.audio.seconds.input?.successful.mean).toBeCloseTo(0.5, 2);
    expect(metrics.audio.bytes.input?.successful.mean).toBe(16_044);
    expect(metrics.audio.tokens.input?.successful.mean).toBe(13);
    expect(metrics.prompt_token_count.successful.mean).toBe(13);
    expect(metrics.output_token_count.successful.mean).toBe(5);
    const firstToken = metrics.time_to_first_token_ms.successful;
    expect(firstToken.count).toBe(streamed ? REQUESTS : 0);
    if (streamed) expect(firstToken.min).toBeGreaterThanOrEqual(TTFT_MS - STAMP_MS);
    else expect(firstToken.mean).toBeNull();
    expect(stdout.includes("Time to first token")).toBe(streamed);
    expect(stdout).toMatch(/Audio/);
    const [request] = benchmark.requests.successful;
    expect(JSON.parse(request?.request_args ?? "")).toMatchObject({
      files: {
        file: ["half-a-second.wav", expect.stringMatching(/^<16044 bytes, sha256 [0-9a-f]{64}>$/), "audio/wav"],
      },
    });
  });
});

test("a format of another package is asked for by its name, in every thread", async () => {
  const words = [...SYNTHETIC, "--plugin", "./mine.mjs"];
  const { metrics, benchmark } = await run("/v1/mine", words, { api_routes: { "/v1/mine": "v1/embeddings" } });
  expect(metrics.prompt_token_count.successful.mean).toBe(16);
  expect(metrics.time_to_first_token_ms.total.mean).toBeNull();
  const [request] = benchmark.requests.successful;
  expect(JSON.parse(request?.request_args ?? "")).toMatchObject({ body: { dimensions: 3 } });
});
