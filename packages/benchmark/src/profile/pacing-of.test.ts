import { createSchedule, type StrategyArgs } from "@core/scheduler";
import { expect, test } from "@jest/globals";
import { driveProfile } from "../../test/support/outcomes.js";
import { profiles } from "./profiles.js";
import "./register.js";

function strategyOf(args: Readonly<Record<string, unknown>>): StrategyArgs | undefined {
  return driveProfile(profiles.create(profiles.parseArgs(args), { seed: 1 }), () => ({}))[0];
}

test.each([
  { kind: "concurrent", streams: 3 },
  { kind: "throughput" },
  { kind: "constant", rate: 3 },
  { kind: "poisson", rate: 3 },
  { kind: "steps", segments: [{ seconds: 1, rate: 2 }] },
])("units and pace of $kind are reported only where they differ from GuideLLM's", (args) => {
  const plain = strategyOf(args);
  expect(Object.keys(plain ?? {}).filter((key) => /unit|behind/.test(key))).toEqual([]);
  const other = strategyOf({ ...args, concurrency_unit: "conversation" });
  expect(other).toEqual({ ...plain, concurrency_unit: "conversation" });
});

test.each([
  { kind: "constant", rate: 3 },
  { kind: "gamma", rate: 3 },
  { kind: "on_off", rate: 3, on_seconds: 1, off_seconds: 1 },
  { kind: "sine", rate: 3, period: 10 },
])("the pace of $kind reaches its schedule", (args) => {
  const strategy = strategyOf({ ...args, rate_unit: "conversation", when_behind: "drop", behind_window: 0.5 });
  expect(strategy).toMatchObject({ rate_unit: "conversation", when_behind: "drop", behind_window: 0.5 });
  expect(createSchedule(strategy as StrategyArgs)).toMatchObject({
    mode: "open",
    pacing: { turnsAreFree: true, boundsConversations: false, whenBehind: "drop", windowNs: 0.5e9 },
  });
});

test.each([
  [{ kind: "constant", rate: 3, when_behind: "wait" }, "keep, catch_up, drop"],
  [{ kind: "concurrent", streams: 3, rate_unit: "conversation" }, "rate_unit"],
  [{ kind: "sweep", when_behind: "drop" }, "when_behind"],
])("%j is refused", (args, message) => {
  expect(() => profiles.parseArgs(args)).toThrow(message);
});
