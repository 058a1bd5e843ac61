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

  /** The largest bound; null when a step has none. */
  override plannedConcurrency(): number | null {
    const bounds = this.#strategies.map(concurrencyBound);
    return bounds.reduce((most, bound) => (most === null || bound === null ? null : Math.max(most, bound)), 1);
  }

  /** Rates given piece by piece end with the last piece, unless they begin again; recorded instants with the last. */
  override endsByItself(): boolean {
    return this.#strategies.every(
      (strategy) => strategy.type_ === "recorded" || (strategy.type_ === "steps" && !strategy.repeat),
    );
  }

  /** Yields each strategy in turn. */
  override *steps(): ProfileSteps {
    for (const strategy of this.#strategies) {
      const outcome = yield { strategy };
      if (outcome.stopAll) return;
    }
  }
}

function concurrencyBound(strategy: StrategyArgs): number | null {
  if (strategy.type_ === "synchronous") return 1;
  return strategy.type_ === "concurrent" ? strategy.streams : strategy.max_concurrency;
}
