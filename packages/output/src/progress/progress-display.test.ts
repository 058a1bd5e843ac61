import type { BenchmarkReport, BenchmarkStep } from "@core/benchmark";
import type { RunSnapshot } from "@core/scheduler";
import { describe, expect, test } from "@jest/globals";
import { displayWidth } from "../display-width.js";
import { createProgressDisplay } from "./progress-display.js";

const ESCAPE = "\u001B";

function stream(isTTY: boolean, size: { readonly columns?: number; readonly rows?: number } = {}) {
  const written: string[] = [];
  return { written, isTTY, ...size, write: (text: string) => written.push(text) };
}

function step(index: number, planned = 2): BenchmarkStep {
  return { index, planned, label: `constant@${index + 1}.00`, strategy: { type_: "synchronous" } };
}

function snapshot(elapsedSeconds: number, more: Partial<RunSnapshot> = {}): RunSnapshot {
  const figures = { successful: 8, errored: 1, cancelled: 0, inFlight: 3, outputTokens: 400, remainingFraction: 0.5 };
  const means = { meanTimeToFirstTokenMs: 20.04, meanInterTokenLatencyMs: null };
  return { elapsedSeconds, ...figures, ...means, ...more } as RunSnapshot;
}

function report(): BenchmarkReport {
  const rate = (mean: number | null) => ({ successful: { mean }, total: { mean } });
  const metrics = {
    request_totals: { successful: 9, errored: 1, incomplete: 2 },
    requests_per_second: rate(4.5),
    output_tokens_per_second: rate(225.4),
    time_to_first_token_ms: rate(20.04),
    inter_token_latency_ms: rate(null),
  };
  return { metrics, duration: 2.04 } as unknown as BenchmarkReport;
}

/** What a terminal shows after all that was written: cursor up, clear below, show and hide the cursor. */
function screen(written: readonly string[]): { readonly lines: readonly string[]; readonly cursor: boolean } {
  const lines: string[] = [];
  let row = 0;
  let cursor = true;
  const [first = "", ...escapes] = written.join("").split(ESCAPE);
  for (const piece of [`[0F${first}`, ...escapes]) {
    const [, code = "", text = ""] = /^(\[[?\d]*[A-Za-z])([\s\S]*)$/.exec(piece) ?? [];
    if (code.endsWith("F")) row -= Number(code.slice(1, -1));
    else if (code === "[0J") lines.length = row;
    else if (code === "[?25l" || code === "[?25h") cursor = code.endsWith("h");
    else throw new Error(`an escape that no terminal of this test knows: ${JSON.stringify(piece)}`);
    const parts = text.split("\n");
    for (const part of parts.slice(0, -1)) lines[row++] = part;
    if (parts.at(-1) !== "") throw new Error("a line was not ended");
  }
  return { lines, cursor };
}

describe("in a log", () => {
  test("one line at the start and the end of a step, and every ten seconds", () => {
    const log = stream(false);
    const display = createProgressDisplay(log, { live: true });
    display.onSetup?.("ready\u001B[31m\nnow");
    display.onPlan?.(["a", "b"]);
    display.onBenchmarkStart?.(step(0));
    for (const seconds of [0.1, 9.9, 10, 10.1, 19.9, 20.3]) display.onBenchmarkUpdate?.(step(0), snapshot(seconds));
    display.onBenchmarkCompile?.(step(0));
    display.onBenchmarkEnd?.(step(0), report());
    display.close();
    expect(log.written.join("").split("\n")).toEqual([
      "ready<U+1B>[31m now",
      "[1/2] constant@1.00 started",
      "[1/2] constant@1.00 running: 10.0 s, 8 done, 1 failed, 0.80 req/s, 40 tok/s, TTFT 20.0 ms",
      "[1/2] constant@1.00 running: 20.3 s, 8 done, 1 failed, 0.39 req/s, 20 tok/s, TTFT 20.0 ms",
      "[1/2] constant@1.00 done: 2.0 s, 9 done, 1 failed, 2 cut, 4.50 req/s, 225 tok/s, TTFT 20.0 ms",
      "",
    ]);
  });

  test("also on a terminal when nothing live is wanted", () => {
    const terminal = stream(true);
    createProgressDisplay(terminal, { live: false }).onBenchmarkStart?.(step(0));
    expect(terminal.written).toEqual(["[1/2] constant@1.00 started\n"]);
  });
});

describe("on a terminal", () => {
  test("a panel is drawn in place, with a line for each step", () => {
    const terminal = stream(true, { columns: 100, rows: 24 });
    const display = createProgressDisplay(terminal, { live: true });
    display.onPlan?.(["constant@1.00", "constant@2.00"]);
    display.onBenchmarkStart?.(step(0));
    display.onBenchmarkUpdate?.(step(0), snapshot(2));
    expect(screen(terminal.written)).toEqual({
      lines: [
        " ▶ constant@1.00  ━━━━━━━━────────     2.0 s  8 done, 1 failed, 3 in flight  4.00 req/s  200 tok/s  ",
        " · constant@2.00",
      ].map((line) => line.slice(0, 99)),
      cursor: false,
    });
    display.onBenchmarkCompile?.(step(0));
    expect(screen(terminal.written).lines[0]).toMatch(/^ … constant@1\.00/);
    display.onBenchmarkEnd?.(step(0), report());
    expect(screen(terminal.written).lines[0]).toMatch(
      /^ ✓ constant@1\.00 {2}━{16} {5}2\.0 s {2}9 done, 1 failed {2}4\.50 req\/s/,
    );
    display.close();
    expect(screen(terminal.written)).toEqual({ lines: [], cursor: true });
  });

  test("messages stand above the panel", () => {
    const terminal = stream(true);
    const display = createProgressDisplay(terminal, { live: true });
    display.onPlan?.(["a"]);
    display.onSetup?.("Backend echo answers.");
    expect(screen(terminal.written).lines).toEqual(["Backend echo answers.", " · a"]);
    display.close();
    expect(screen(terminal.written)).toEqual({ lines: ["Backend echo answers."], cursor: true });
  });

  test.each([[20], [40], [80]])("no line is longer than a terminal of %d columns", (columns) => {
    const terminal = stream(true, { columns, rows: 24 });
    const display = createProgressDisplay(terminal, { live: true });
    display.onPlan?.(["負荷負荷負荷", "b"]);
    display.onBenchmarkUpdate?.({ ...step(0), label: "負荷負荷負荷" }, snapshot(12_345.6));
    for (const line of screen(terminal.written).lines) expect(displayWidth(line)).toBeLessThan(columns);
  });

  test("a plan longer than the terminal shows the steps around the running one", () => {
    const terminal = stream(true, { columns: 80, rows: 8 });
    const display = createProgressDisplay(terminal, { live: true });
    display.onPlan?.(Array.from({ length: 20 }, (_, at) => `step ${at}`));
    display.onBenchmarkStart?.({ ...step(10, 20), label: "step 10" });
    const { lines } = screen(terminal.written);
    expect(lines).toHaveLength(6);
    expect(lines.some((line) => line.startsWith(" ▶ step 10"))).toBe(true);
  });

  test("an unknown share is an empty bar", () => {
    const terminal = stream(true);
    const display = createProgressDisplay(terminal, { live: true });
    display.onBenchmarkUpdate?.(step(0), snapshot(1, { remainingFraction: null }));
    expect(screen(terminal.written).lines[0]).toMatch(/─{16}/);
  });

  test("closed before anything was drawn it writes nothing", () => {
    const terminal = stream(true);
    createProgressDisplay(terminal, { live: true }).close();
    expect(terminal.written).toEqual([]);
  });
});
