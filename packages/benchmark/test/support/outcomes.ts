import type { StrategyArgs } from "@core/scheduler";
import type { Profile, StepOutcome } from "../../src/profile/profile.js";

/** Outcome of a step that measured nothing, but what is given. */
export function outcomeOf(strategy: StrategyArgs, given: Partial<StepOutcome> = {}): StepOutcome {
  return {
    strategy,
    successfulRequestsPerSecond: 0,
    finishedRequests: 100,
    outputTokensPerSecond: null,
    outputTokenBlocks: (blocks) => new Array<number>(blocks).fill(given.outputTokensPerSecond ?? Number.NaN),
    attainment: null,
    goodputPerSecond: null,
    overSaturation: null,
    evidence: [],
    trend: null,
    seconds: 1,
    stopAll: false,
    stopAllQueuing: false,
    ...given,
  };
}

/** Runs a profile against a function in place of a server. @returns The strategies in the order in which they ran. */
export function driveProfile(
  profile: Profile,
  measure: (strategy: StrategyArgs) => Partial<StepOutcome>,
): readonly StrategyArgs[] {
  const steps = profile.steps();
  const ran: StrategyArgs[] = [];
  for (let next = steps.next(); next.done !== true; ) {
    const { strategy } = next.value;
    ran.push(strategy);
    next = steps.next(outcomeOf(strategy, measure(strategy)));
  }
  return ran;
}
