import { KindRegistry } from "@core/registry";
import type { Schedule } from "./schedule.js";
import type { StrategyArgs } from "./strategy-args.js";

/** The table of strategies. Profiles choose strategies; users do not name them. */
export const strategies: KindRegistry<Schedule> = new KindRegistry({
  name: "strategy",
  label: "strategy",
  option: "--profile",
});

/**
 * Builds the schedule of a strategy.
 *
 * @throws {RegistryError} CORE_REGISTRY_INVALID_ARGS, CORE_REGISTRY_UNKNOWN_KIND.
 */
export function createSchedule(strategy: StrategyArgs): Schedule {
  const { type_, ...fields } = strategy;
  return strategies.create(strategies.parseArgs({ ...fields, kind: type_ }), undefined);
}
