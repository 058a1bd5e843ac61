import { type StrategyArgs, strategyLabel } from "@core/scheduler";
import { Profile, type ProfileSteps } from "./profile.js";

/** A profile whose strategies are known up front; a `stopping_scope: all` stop skips the rest. */
export class FixedProfile extends Profile {
  readonly #strategies: readonly StrategyArgs[];

  /** Takes the strategies in the order in which they run; never sorted. */
  constructor(strategies: readonly StrategyArgs[]) {
    super();
    this.#strategies = strategies;
  }

  /** Labels of all strategies. */
  override plannedSteps(): readonly string[] {
    return this.#strategies.map(strategyLabel);
  }

  /** Yields each strategy in turn. */
  override *steps(): ProfileSteps {
    for (const strategy of this.#strategies) {
      const outcome = yield strategy;
      if (outcome.stopAll) return;
    }
  }
}
