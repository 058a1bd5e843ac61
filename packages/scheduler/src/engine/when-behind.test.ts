import { describe, expect, test } from "@jest/globals";
import { runVirtually } from "../../test/support/virtual-run.js";
import type { StrategyArgs } from "../strategy/strategy-args.js";

const MS = 1e6;
const STALL = { fromNs: 1000 * MS, toNs: 3000 * MS };

/** 10 requests per second through one place; the server takes 50 ms, and stands still from 1 s to 3 s. */
async function stalled(given: Partial<Extract<StrategyArgs, { type_: "constant" }>>, workers = 1) {
  const strategy: StrategyArgs = {
    type_: "constant",
    rate: 10,
    max_concurrency: workers,
    rampup_duration: 0,
    ...given,
  };
  let startNs = 0;
  const virtual = await runVirtually({
    strategy,
    workers,
    constraints: [{ kind: "max_duration", seconds: 5.01 }],
    graceSeconds: 1,
    during: (time) => {
      startNs = time.nowNs() + 20e6;
    },
    script: (_requestId, nowNs) => {
      const at = nowNs - startNs;
      const stands = at >= STALL.fromNs && at < STALL.toNs;
      return { latencyNs: stands ? STALL.toNs - at + 50 * MS : 50 * MS, ending: "final" };
    },
  });
  const ms = (field: "send_ns" | "intended_start_ns") => virtual.column(field).map((ns) => Math.round(ns / MS));
  const [report] = virtual.run.diagnostics;
  return { sent: ms("send_ns"), intended: ms("intended_start_ns"), report, virtual };
}

/** 10, 20, … in hundreds of milliseconds. */
function instants(from: number, to: number): number[] {
  return Array.from({ length: (to - from) / 100 + 1 }, (_, at) => from + 100 * at);
}

describe("behind its schedule, a rate", () => {
  test("keeps all: what was due leaves at once, with its instant", async () => {
    const { sent, intended, report } = await stalled({});
    expect(intended).toEqual(instants(100, 5000));
    expect(sent.slice(9, 14)).toEqual([1000, 3050, 3100, 3150, 3200]);
    expect(sent.at(-1)).toBe(5000);
    expect(report).toMatchObject({ dropped: 0, reanchored: 0, dueNotSent: 0 });
    expect(report?.lateSends).toBeGreaterThan(20);
  });

  test("catches up: the request that was held keeps its instant, and the rest moves", async () => {
    const { sent, intended, report } = await stalled({ when_behind: "catch_up", behind_window: 0.01 });
    // The instant 1100 is used at 3050; from there on the schedule is 1950 ms later.
    expect(intended.slice(9, 14)).toEqual([1000, 1100, 3150, 3250, 3350]);
    expect(sent.slice(9, 14)).toEqual([1000, 3050, 3150, 3250, 3350]);
    expect(report).toMatchObject({ dropped: 0, reanchored: 1, lateSends: 1, dueNotSent: 0 });
  });

  test("catches up by a burst within its window", async () => {
    const { sent, intended, report } = await stalled({ when_behind: "catch_up", behind_window: 5 });
    expect(intended).toEqual(instants(100, 5000));
    expect(sent.slice(9, 12)).toEqual([1000, 3050, 3100]);
    expect(report).toMatchObject({ reanchored: 0 });
  });

  test("drops what has passed and counts it, and is on time again", async () => {
    const { sent, intended, report } = await stalled({ when_behind: "drop", behind_window: 0.01 });
    expect(intended.slice(9, 12)).toEqual([1000, 3100, 3200]);
    expect(sent).toEqual(intended);
    expect(report).toMatchObject({ dropped: 20, reanchored: 0, lateSends: 0, dueNotSent: 0 });
    expect(sent.length + 20).toBe(50);
  });

  test("drops nothing that is late by less than its window", async () => {
    const { report, intended } = await stalled({ when_behind: "drop", behind_window: 0.2 });
    // At 3050 the instants from 2850 on are within 200 ms.
    expect(intended.slice(9, 13)).toEqual([1000, 2900, 3000, 3100]);
    expect(report).toMatchObject({ dropped: 18 });
  });

  test.each(["catch_up", "drop"] as const)("does not depend on the number of workers (%s)", async (when_behind) => {
    const one = await stalled({ when_behind, max_concurrency: 4 });
    const four = await stalled({ when_behind, max_concurrency: 4 }, 4);
    expect(four.sent).toEqual(one.sent);
    const total = four.virtual.run.diagnostics.reduce((sum, { dropped }) => sum + dropped, 0);
    expect(total).toBe(one.report?.dropped);
  });

  test("a limit of requests counts what is sent, not what is dropped", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "constant", rate: 10, max_concurrency: 1, rampup_duration: 0, when_behind: "drop" },
      constraints: [{ kind: "max_requests", count: 6 }],
      script: () => ({ latencyNs: 250 * MS, ending: "final" }),
    });
    expect(run.state).toMatchObject({ createdRequests: 6, successfulRequests: 6 });
    expect(run.diagnostics[0]?.dropped).toBe(10);
  });
});
