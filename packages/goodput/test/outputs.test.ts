import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startMockServer } from "@core/mock-server";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { parse } from "csv-parse/sync";
import { type Finished, removeFolders, runGoodput } from "./support/run-goodput.js";

jest.setTimeout(60_000); // a whole process is started, beside the tests of other packages

const LOADS = ["concurrent@1", "concurrent@2", "concurrent@4"];
const LABEL = '=1+1,"a"';

let finished: Finished;

beforeAll(async () => {
  const server = await startMockServer({ port: 0, ttft_ms: 5, itl_ms: 1, error_rate: 0.3, seed: 3 });
  finished = await runGoodput([
    ...["run", "--backend", `kind=openai_http,target=${server.url}`, "--output-dir", "out", "--label", `note=${LABEL}`],
    ...["--profile", "kind=concurrent,streams=[1,2,4]", "--constraint", "kind=max_requests,count=12"],
    ...[
      "--data",
      "kind=synthetic_text,prompt_tokens=16,output_tokens=8",
      "--metrics",
      "kind=generative,slo.ttft_ms=500",
    ],
  ]);
  await server.close();
});

afterAll(removeFolders);

async function read(name: string): Promise<string> {
  return readFile(join(finished.folder, "out", name), "utf8");
}

/** The tables by their titles: lines below the title. */
function tables(): ReadonlyMap<string, readonly string[]> {
  const blocks = finished.stdout.trim().split("\n\n");
  return new Map(blocks.map((block) => [block.split("\n")[0] ?? "", block.split("\n").slice(1)]));
}

describe("the tables", () => {
  test("have a row for each load, in order, and nothing that is no number", () => {
    expect([...tables().keys()].slice(0, 5)).toEqual([
      "Run",
      "Throughput",
      "Latency of completed requests",
      "Tokens of completed requests",
      "Failed requests",
    ]);
    for (const name of ["Run", "Throughput", "Latency of completed requests", "Tokens of completed requests"]) {
      const rows = (tables().get(name) ?? []).filter((line) => /^ concurrent@/.test(line));
      expect(rows.map((row) => row.trim().split(" ")[0])).toEqual(LOADS);
    }
    expect(finished.stdout).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  test("have their bars below each other", () => {
    for (const [, lines] of tables()) {
      const bars = (line: string): string => line.replaceAll(/[^│┼]/g, " ").replaceAll("┼", "│").trimEnd();
      const drawn = lines.filter((line) => /[│┼]/.test(line)).map(bars);
      const longest = drawn.toSorted((left, right) => right.length - left.length)[0] ?? "";
      for (const line of drawn) expect(longest.startsWith(line)).toBe(true);
    }
  });

  test("go to stdout alone, and stderr has no escape codes where it is no terminal", () => {
    expect(finished.stderr).not.toContain("\u001B");
    expect(finished.stderr).not.toContain("│");
    expect(finished.stderr).toMatch(/^Wrote .*benchmarks\.json$/m);
  });
});

describe("benchmarks.csv", () => {
  test("has three header rows and a row for each load, all of one length", async () => {
    const text = await read("benchmarks.csv");
    expect(text.endsWith("\r\n")).toBe(true);
    const rows: readonly (readonly string[])[] = parse(text, { relaxColumnCount: true, recordDelimiter: "\r\n" });
    expect(rows).toHaveLength(3 + LOADS.length);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    const [groups = [], fields = [], third = []] = rows;
    const at = (group: string, field: string, unit: string): number =>
      groups.findIndex((name, index) => name === group && fields[index] === field && third[index] === unit);
    const column = (index: number): readonly string[] => rows.slice(3).map((row) => row[index] ?? "");
    expect(column(at("Benchmark", "Strategy", ""))).toEqual(LOADS);
    const totals = column(at("Request Counts", "Total", "")).map(Number);
    expect(totals).toEqual([12, 12, 12]);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("keeps what the user wrote in one cell", async () => {
    const rows: readonly (readonly string[])[] = parse(await read("benchmarks.csv"), { relaxColumnCount: true });
    const cell = rows[3]?.[rows[1]?.indexOf("Arguments") ?? -1] ?? "";
    expect(JSON.parse(cell).metadata.labels.note).toBe(LABEL);
  });
});

test("benchmarks.json and benchmarks.csv say the same as the tables", async () => {
  const report = JSON.parse(await read("benchmarks.json"));
  const done = (tables().get("Run") ?? []).flatMap(
    (line) => / concurrent@\d │.*?│ +(\d+) +(\d+) +(\d+) │/.exec(line)?.slice(1, 4) ?? [],
  );
  const counted = report.benchmarks.flatMap(({ metrics: { request_totals: totals } }: never) => {
    const { successful, incomplete, errored } = totals as { successful: number; incomplete: number; errored: number };
    return [successful, incomplete, errored].map(String);
  });
  expect(done).toEqual(counted);
  expect(report.metadata.goodput_version).toBe(
    JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")).version,
  );
});
