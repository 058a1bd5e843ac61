import type { BackendLimits } from "@core/backend";
import type { StrategyArgs } from "./strategy/strategy-args.js";

/** Requests in flight when neither strategy nor backend sets a bound, as in GuideLLM. */
export const DEFAULT_MAX_CONCURRENCY = 10_240;

/** A strategy with its bound filled in, as the report shows it. */
export interface ResolvedStrategy {
  readonly strategy: StrategyArgs;
  /** Most requests in flight over all workers. */
  readonly concurrency: number;
}

/** Fills in how many requests may be in flight: the strategy's bound, the backend's, or the default. */
export function resolveConcurrency(strategy: StrategyArgs, backend: BackendLimits): ResolvedStrategy {
  const atMost = (wanted: number) => Math.min(wanted, backend.requests ?? Number.POSITIVE_INFINITY);
  switch (strategy.type_) {
    case "synchronous":
      return { strategy, concurrency: 1 };
    case "concurrent": {
      const streams = atMost(strategy.streams);
      return { strategy: { ...strategy, streams }, concurrency: streams };
    }
    default: {
      const max_concurrency = atMost(strategy.max_concurrency ?? DEFAULT_MAX_CONCURRENCY);
      return { strategy: { ...strategy, max_concurrency }, concurrency: max_concurrency };
    }
  }
}
