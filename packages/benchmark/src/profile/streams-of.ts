import type { StrategyArgs } from "@core/scheduler";

/** Streams of a strategy that was resolved; those of a closed loop. */
export function streamsOf(strategy: StrategyArgs): number {
  if (strategy.type_ === "concurrent") return strategy.streams;
  throw new Error(`The strategy ${strategy.type_} has no number of streams.`);
}
