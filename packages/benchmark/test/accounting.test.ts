import { countedBetween, type EngineCounters, type GenerationResponse, UNKNOWN_USAGE } from "@core/backend";
import { RECORD_STATUS } from "@core/metrics";
import type { RequestSample } from "@core/scheduler";
import { createTokenizer } from "@core/tokenizer";
import { describe, expect, test } from "@jest/globals";
import { countSampleTokens } from "../src/accounting/count-sample-tokens.js";
import { compileBenchmark } from "../src/report/compile-benchmark.js";
import { readEnvironment } from "../src/report/environment.js";
import type { ResolvedSpec } from "../src/spec/resolved-spec.js";
import {
  EPOCH_SECONDS,
  type GivenRequest,
  reportOf,
  resultOf,
  sequence,
  specOf,
  workerReport,
} from "./support/measured.js";

const changed = (change: Partial<GivenRequest>, count = 10) => sequence(count).map((one) => ({ ...one, ...change }));
const unreported = ({ outputTokens: _, ...one }: GivenRequest): GivenRequest => ({ ...one, events: 4 });
const findings = (requests: readonly GivenRequest[]) =>
  reportOf(resultOf(requests)).warnings.map(({ code, severity }) => `${code} ${severity}`);

function sampleOf(index: number, response: Partial<GenerationResponse> | null, more: object = {}): RequestSample {
  const empty = { text: "", reasoningText: null, toolCalls: null, outputMetrics: UNKNOWN_USAGE };
  const full = response === null ? null : { ...empty, ...response };
  return { index, status: "completed", settings: {}, request: {}, response: full, ...more } as unknown as RequestSample;
}

describe("sources of output token counts", () => {
  test("are told for each request and in sum", () => {
    const [first, second, third, fourth] = sequence(4) as [GivenRequest, GivenRequest, GivenRequest, GivenRequest];
    const none = { intended: fourth.intended, end: fourth.end, words: 3 };
    const failed = { ...none, status: RECORD_STATUS.errored, errorCode: "X" };
    const asked = { ...second, asked: 5, estimated: true };
    const report = reportOf(resultOf([first, asked, unreported(third), none, failed]));
    expect(report.token_accounting).toEqual({
      requests: 4,
      sources: { server: 1, tokenizer: 0, requested: 1, stream_events: 1, unknown: 1 },
      requested_length: { requests: 0, met: 0 },
      requests_with_more_events_than_tokens: 0,
      tokenizer: null,
      engine: null,
    });
    expect(
      Array.from(report.requests.successful, (request) => [request.output_tokens, request.output_tokens_source]),
    ).toEqual([
      [5, "server"],
      [5, "requested"],
      [4, "stream_events"],
      [null, null],
    ]);
    expect(Array.from(report.requests.successful, (request) => request.output_tokens_estimated)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    const warning = report.warnings.find(({ code }) => code === "tokens_not_reported");
    expect(warning).toMatchObject({
      severity: "info",
      observed: 0.75,
      sample_count: 4,
      message:
        "The server told no token count for 3 of 4 requests: 1 count events of the stream as tokens, " +
        "1 have the length that was asked for, 1 have no count.",
    });
  });

  test("vectors and scores have no tokens, so that none are missing", () => {
    const vectors = sequence(4).map(({ intended, end }) => ({ intended, end, words: 0 }));
    const report = reportOf(resultOf(vectors));
    expect(report.token_accounting.sources).toEqual({
      server: 0,
      tokenizer: 0,
      requested: 0,
      stream_events: 0,
      unknown: 0,
    });
    expect(report.warnings.map(({ code }) => code)).not.toContain("tokens_not_reported");
  });

  test("that are all the server's give no finding", () => {
    expect(findings(changed({ asked: 5 }))).toEqual([]);
    expect(findings([])).toEqual([]);
  });

  test("lengths that were asked for and not met", () => {
    expect(findings([...changed({ asked: 5 }, 9), ...changed({ asked: 6 }, 1)])).toEqual(["length_not_met info"]);
  });

  test.each([
    [1, "info"],
    [6, "suspect"],
  ])("%d of 100 streams with more events than tokens are %s", (count, severity) => {
    const more = changed({ events: 6 }, count + 1);
    const requests = [...more, ...changed({}, 99 - count)];
    expect(findings(requests)).toContain(`more_events_than_tokens ${severity}`);
  });
});

describe("the client's tokenizer", () => {
  async function reportWith(kind: string, texts: readonly string[], result: Parameters<typeof resultOf>[0]) {
    const samples = texts.map((text, index) => sampleOf(index, { text }));
    return compileBenchmark({
      result: resultOf(result, { samples }),
      spec: { ...specOf(), tokenizer: { kind } } as ResolvedSpec,
      runId: "run-1",
      runIndex: 0,
      epochWallSeconds: EPOCH_SECONDS,
      backendInfo: {},
      environment: readEnvironment("9.9.9"),
      tokenizer: await createTokenizer({ kind: "builtin" }),
    });
  }

  test("counts where the server told no count, whatever was asked for; that of the program only where no events did", async () => {
    const [first, second, third, fourth] = sequence(4) as [GivenRequest, GivenRequest, GivenRequest, GivenRequest];
    const requests = [
      first,
      { ...second, asked: 5, estimated: true },
      unreported(third),
      { intended: fourth.intended, end: fourth.end, asked: 5, outputTokens: 5, events: 0, estimated: true },
    ];
    const sourcesOf = async (kind: string) => {
      const { requests: records, metrics } = await reportWith(kind, ["a b c", "a b c", "a b c", "a b c"], requests);
      const told = Array.from(records.successful, (one) => `${one.output_tokens} ${one.output_tokens_source}`);
      return [told, metrics.output_token_count.successful.total_sum];
    };
    expect(await sourcesOf("huggingface_auto")).toEqual([
      ["5 server", "3 tokenizer", "3 tokenizer", "3 tokenizer"],
      14,
    ]);
    expect(await sourcesOf("builtin")).toEqual([["5 server", "5 requested", "4 stream_events", "3 tokenizer"], 17]);
  });

  test("counts texts and reasoning of completed requests without calls", async () => {
    const tokenizer = await createTokenizer({ kind: "builtin" });
    const samples = [
      sampleOf(0, { text: "one two", reasoningText: "three" }),
      sampleOf(1, { text: "one" }, { status: "errored" }),
      sampleOf(2, { text: null }),
      sampleOf(3, { text: "one", toolCalls: [] }),
      sampleOf(4, null),
    ];
    expect([...countSampleTokens(samples, tokenizer)]).toEqual([[0, 3]]);
    expect(countSampleTokens(samples, null).size).toBe(0);
  });

  test.each([
    ["huggingface_auto", "one two three four five", []],
    ["huggingface_auto", "one two three four five six", ["token_counts_differ"]],
    ["builtin", "one two three four five six", []],
  ])("%s makes %j of five tokens", async (kind, text, expected) => {
    const report = await reportWith(kind, Array<string>(5).fill(text), sequence(5));
    const own = text.split(" ").length;
    expect(report.warnings.map(({ code }) => code)).toEqual(expected);
    expect(report.token_accounting.tokenizer).toEqual({
      kind,
      requests: 5,
      server_tokens: 25,
      tokenizer_tokens: own * 5,
    });
    expect(report.requests.successful.at(0).output_tokens_by_tokenizer).toBe(own);
  });
});

describe("what engines count themselves", () => {
  const counted = (requests: number) => ({ requests, promptTokens: requests * 10, outputTokens: requests * 5 });
  const engineOf = (...engines: readonly (EngineCounters | null)[]) =>
    reportOf(resultOf(sequence(10), { diagnostics: engines.map((engineCounters) => workerReport({ engineCounters })) }))
      .token_accounting.engine;

  test("is the sum over the engines of the run", () => {
    expect(engineOf(counted(4), counted(6))).toEqual({ requests: 10, prompt_tokens: 100, output_tokens: 50 });
  });

  test("is unknown when one of them does not tell", () => {
    expect(engineOf(counted(4), null)).toBeNull();
  });

  test("of a run is the difference of two readings", () => {
    expect(countedBetween(counted(3), counted(10))).toEqual(counted(7));
    expect(countedBetween(null, counted(10))).toBeNull();
    expect(countedBetween(counted(3), null)).toBeNull();
  });
});
