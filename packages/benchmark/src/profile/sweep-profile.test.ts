import type { StrategyArgs } from "@core/scheduler";
import { describe, expect, test } from "@jest/globals";
import { driveProfile as drive } from "../../test/support/outcomes.js";
import { SweepProfile } from "./sweep-profile.js";

const plan = {
  sweepSize: 5,
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
});
