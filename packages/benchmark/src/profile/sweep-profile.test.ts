import type { StrategyArgs } from "@core/scheduler";
import { describe, expect, test } from "@jest/globals";
import { driveProfile as drive } from "../../test/support/outcomes.js";
import { SweepProfile } from "./sweep-profile.js";

const plan = {
  sweepSize: 5,
  capacitySteps: 0,
  load: {
    arrivals: { type: "constant", burstiness: 1, seed: 42 },
    maxConcurrency: 512,
    ramp: { rampup_duration: 0 },
  },
} as const;

describe("SweepProfile", () => {
  const measured = (strategy: StrategyArgs) => ({
    successfulRequestsPerSecond: strategy.type_ === "synchronous" ? 2 : 10,
  });

  test("measures the ends, then the rates between them", () => {
    const ran = drive(new SweepProfile(plan), measured);
    expect(ran.map((step) => step.type_)).toEqual(["synchronous", "throughput", "constant", "constant", "constant"]);
    expect(ran.at(-1)).toMatchObject({ rate: 10, max_concurrency: 512 });
  });

  test("a stop of scope all in the first two steps does not end it", () => {
    const ran = drive(new SweepProfile(plan), (step) => ({ ...measured(step), stopAll: step.type_ !== "constant" }));
    expect(ran).toHaveLength(5);
  });

  test("a stop of scope all in a step at a rate ends it", () => {
    const ran = drive(new SweepProfile(plan), (step) => ({ ...measured(step), stopAll: step.type_ === "constant" }));
    expect(ran).toHaveLength(3);
  });

  test("no successful request is an error that says what to look at", () => {
    expect(() => drive(new SweepProfile(plan), () => ({}))).toThrow(/no successful request/);
  });

  test("plans as many steps as the sweep has", () => {
    expect(
      new SweepProfile({
        ...plan,
        load: { ...plan.load, arrivals: { ...plan.load.arrivals, type: "poisson" } },
      }).plannedSteps(),
    ).toEqual(["synchronous", "throughput", "poisson", "poisson", "poisson"]);
  });

  describe("capacity", () => {
    const rateOf = (strategy: StrategyArgs) => ("rate" in strategy ? strategy.rate : Number.NaN);
    /** A server whose burst says 10 and that keeps up with `capacity`. */
    const server = (capacity: number) => (strategy: StrategyArgs) => ({
      ...measured(strategy),
      trend: {
        sustained: rateOf(strategy) <= capacity ? ("yes" as const) : ("no" as const),
        growth: 0,
        growth_ci: null,
      },
    });

    test("rates are GuideLLM's while the server keeps up", () => {
      const profile = new SweepProfile({ ...plan, sweepSize: 10 });
      const rates = drive(profile, server(20)).slice(2).map(rateOf);
      expect(rates).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
      expect(profile.conclusion()).toMatchObject({
        highest_sustained_rate: 10,
        lowest_unsustained_rate: null,
        burst_rate: 10,
        summary: [
          "The server keeps up with 10.00 requests per second; no rate that was sent is too high (burst: 10.00).",
        ],
      });
    });

    test("once a rate is too high, the steps left close in on the capacity", () => {
      const profile = new SweepProfile({ ...plan, sweepSize: 10 });
      const rates = drive(profile, server(6.2)).slice(2).map(rateOf);
      expect(rates).toEqual([3, 4, 5, 6, 7, 6.5, 6.25, 6.125]);
      expect(profile.conclusion()).toMatchObject({ highest_sustained_rate: 6.125, lowest_unsustained_rate: 6.25 });
    });

    test("a burst that says too little is exceeded by more steps", () => {
      const profile = new SweepProfile({ ...plan, capacitySteps: 3 });
      const rates = drive(profile, server(14)).slice(2).map(rateOf);
      expect(rates.slice(3)).toEqual([12.5, 15.63, 14.07]);
    });

    test("a narrow bracket ends it before all steps are used", () => {
      const profile = new SweepProfile({ ...plan, sweepSize: 30 });
      const ran = drive(profile, server(3));
      expect(ran.length).toBeLessThan(12);
      expect(profile.conclusion()).toMatchObject({ highest_sustained_rate: expect.closeTo(3, 1) });
    });

    test("steps too short to judge change nothing", () => {
      expect(drive(new SweepProfile(plan), measured)).toHaveLength(5);
    });
  });
});
