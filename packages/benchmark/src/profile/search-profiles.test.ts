import type { StrategyArgs } from "@core/scheduler";
import { describe, expect, test } from "@jest/globals";
import { driveProfile } from "../../test/support/outcomes.js";
import type { Profile } from "./profile.js";
import { profileProblems } from "./profile-problems.js";
import { profiles } from "./profiles.js";
import "./register.js";

function create(args: Readonly<Record<string, unknown>>): Profile {
  return profiles.create(profiles.parseArgs(args), { seed: 42 });
}

function streams(strategies: readonly StrategyArgs[]): readonly number[] {
  return strategies.map((strategy) => (strategy.type_ === "concurrent" ? strategy.streams : Number.NaN));
}

const load = (strategy: StrategyArgs) => (strategy.type_ === "concurrent" ? strategy.streams : Number.NaN);

describe("goodput", () => {
  const meets = (most: number) => (strategy: StrategyArgs) => ({
    attainment: { conforming: load(strategy) <= most ? 200 : 100, determined: 200 },
    goodputPerSecond: load(strategy),
  });

  test("reports every probe, the bracket and why it ended", () => {
    const profile = create({ kind: "goodput" });
    expect(streams(driveProfile(profile, meets(37)))).toEqual([4, 8, 16, 32, 64, 48, 40, 36, 38]);
    expect(profile.conclusion()).toMatchObject({
      kind: "goodput_search",
      summary: ["36 streams meet the objectives; 38 do not (9 probes)."],
      best_passing_streams: 36,
      lowest_failing_streams: 38,
      stop_reason: "converged",
      target_attainment: 0.95,
    });
  });

  test("objectives that no request can be held against end the run with what to do", () => {
    expect(() =>
      driveProfile(create({ kind: "goodput" }), () => ({ attainment: { conforming: 0, determined: 0 } })),
    ).toThrow(/held against the objectives/);
  });

  test("an aborted first probe is not taken for a level that fails", () => {
    const profile = create({ kind: "goodput" });
    driveProfile(profile, (strategy) => ({ ...meets(100)(strategy), stopAllQueuing: true }));
    expect(profile.conclusion()?.summary).toEqual([
      "No level was found that meets the objectives; the lowest one measured is 4 (constraint_stopped_escalation).",
    ]);
  });

  test("without objectives it is refused before anything runs", () => {
    const profile = { kind: "goodput", warmup: null, cooldown: null };
    expect(profileProblems({ profile, metrics: { slo: null } as never })[0]).toContain("metrics.slo");
    expect(profileProblems({ profile: { ...profile, kind: "sweep" }, metrics: { slo: null } as never })).toEqual([]);
  });
});

describe("knee", () => {
  const THROUGHPUT = new Map([1, 2, 4, 8, 16, 32].map((level, at) => [level, [100, 195, 380, 700, 760, 770][at] ?? 0]));
  const throughput = (strategy: StrategyArgs) => ({
    outputTokensPerSecond: THROUGHPUT.get(load(strategy)) ?? Math.min(87.5 * load(strategy), 700 + load(strategy)),
  });

  test("one pass over the given levels", () => {
    const profile = create({ kind: "knee", initial_streams: [1, 2, 4, 8, 16, 32] });
    expect(streams(driveProfile(profile, throughput))).toEqual([1, 2, 4, 8, 16, 32]);
    expect(profile.conclusion()).toMatchObject({
      kind: "knee_detection",
      summary: ["Throughput stops growing at 8.11 streams; the first level measured from there on is 16."],
      adaptive_plan: { status: "skipped", reason: "adaptive is off" },
    });
  });

  test("a second pass around the knee that was found", () => {
    const profile = create({
      kind: "knee",
      initial_streams: [1, 2, 4, 8, 16, 32],
      adaptive: true,
      points_each_side: 2,
    });
    expect(streams(driveProfile(profile, throughput))).toEqual([1, 2, 4, 8, 16, 32, 3, 6, 9, 12, 15]);
    expect(profile.conclusion()).toMatchObject({
      adaptive_plan: { status: "planned", concurrencies: [3, 6, 9, 12, 15] },
    });
  });

  test("a stop of scope all keeps the level that it ended and takes no second pass", () => {
    const profile = create({ kind: "knee", initial_streams: [1, 2, 4, 8, 16, 32], adaptive: true });
    const ran = driveProfile(profile, (strategy) => ({ ...throughput(strategy), stopAll: load(strategy) === 16 }));
    expect(streams(ran)).toEqual([1, 2, 4, 8, 16]);
    expect(profile.conclusion()).toMatchObject({ adaptive_plan: { status: "skipped" }, final: { still_rising: true } });
  });

  test("the detector's boundary stands beside the knee", () => {
    const profile = create({ kind: "knee", min_streams: 1, max_streams: 17, count: 5 });
    driveProfile(profile, (strategy) => ({
      outputTokensPerSecond: 10 * Math.min(9, load(strategy)),
      overSaturation: { is_over_saturated: load(strategy) > 9 },
    }));
    expect(profile.conclusion()).toMatchObject({
      final: {
        over_saturation: { status: "detected", previous_safe_concurrency: 9, first_oversaturated_concurrency: 13 },
        assessment: { status: "corroborated" },
      },
    });
  });

  test.each([
    [{ min_streams: 1, max_streams: 100 }, "give either"],
    [{ initial_streams: [1, 2, 3, 4, 5], count: 5 }, "give either"],
    [{ min_streams: 10, max_streams: 12, count: 5 }, "room for count"],
    [{ initial_streams: [1, 2, 2, 4, 5] }, "strictly increasing"],
    [{ initial_streams: [1, 2, 3, 4] }, "at least five"],
  ])("%j is refused", (args, message) => {
    expect(() => create({ kind: "knee", ...args })).toThrow(message);
  });
});
