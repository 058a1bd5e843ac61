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
    expect(profileProblems({ profile, metrics: { slo: null } as never, objectives: [] })[0]).toContain("metrics.slo");
    expect(
      profileProblems({ profile: { ...profile, kind: "sweep" }, metrics: { slo: null } as never, objectives: [] }),
    ).toEqual([]);
  });
});

describe("search", () => {
  const meets = (most: number) => (strategy: StrategyArgs) => {
    const conforming = load(strategy) <= most ? 1000 : 500;
    const share = { conforming, determined: 1000, effective: 1000 };
    return { evidence: [{ objective: "ttft<=200ms", target: 0.95, share }] };
  };

  test("answers with the bracket and what it was decided on", () => {
    const profile = create({ kind: "search", load: "streams" });
    expect(streams(driveProfile(profile, meets(37)))).toEqual([4, 8, 16, 32, 64, 48, 40, 36, 38, 37, 37]);
    expect(profile.conclusion()).toMatchObject({
      kind: "load_search",
      highest_passing: 37,
      lowest_failing: 38,
      stop_reason: "converged",
      confidence: 0.95,
      summary: [
        "37 streams meet the objectives (10 levels, 11 probes, 11 s).",
        expect.stringMatching(
          /^At 37 streams: ttft<=200ms: 100.0 % conform \(95 % interval 99\.\d to 100.0\), target 95.0 %\.$/,
        ),
        expect.stringMatching(/^At 38 streams they are missed: ttft<=200ms: 50.0 % conform/),
      ],
    });
  });

  test("rates arrive as asked, from the seed of the run", () => {
    const profile = create({ kind: "search", load: "rate", arrivals: "gamma", burstiness: 0.5, maximum: 2 });
    const rate = (strategy: StrategyArgs) => ("rate" in strategy ? strategy.rate : Number.NaN);
    const ran = driveProfile(profile, (strategy) =>
      meets(10)({ type_: "concurrent", streams: rate(strategy), rampup_duration: 0 }),
    );
    expect(ran[0]).toMatchObject({ type_: "gamma", rate: 1, burstiness: 0.5, random_seed: 42 });
    expect(profile.conclusion()).toMatchObject({ highest_passing: 2, stop_reason: "maximum_reached" });
  });

  test("requests without values end it, a probe without requests does not", () => {
    const nothing = [{ objective: "ttft<=1ms", target: 0.95, share: { conforming: 0, determined: 0, effective: 0 } }];
    const unmeasured = (finishedRequests: number) => () => ({ evidence: nothing, finishedRequests });
    expect(() => driveProfile(create({ kind: "search" }), unmeasured(5))).toThrow(/held against/);
    const profile = create({ kind: "search" });
    driveProfile(profile, unmeasured(0));
    expect(profile.conclusion()).toMatchObject({ highest_passing: null, stop_reason: "undecided_at_minimum" });
  });

  test("without objectives it is refused before anything runs", () => {
    const profile = { kind: "search", warmup: null, cooldown: null };
    const metrics = { slo: null } as never;
    expect(profileProblems({ profile, metrics, objectives: [] })[0]).toContain("objectives");
    expect(profileProblems({ profile, metrics, objectives: ["ttft<=200ms"] })).toEqual([]);
  });

  test.each([
    [{ initial: 2.5 }, "whole numbers"],
    [{ initial: 8, maximum: 4 }, "between minimum and maximum"],
    [{ tolerance: 0 }, "tolerance"],
  ])("%j is refused", (args, message) => {
    expect(() => create({ kind: "search", ...args })).toThrow(message);
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
      summary: [
        "Throughput stops growing at 8.11 streams (95 % interval 8.11 to 8.11); the first level measured from there on is 16.",
      ],
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
