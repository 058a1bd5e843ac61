const OPEN_LOOP = new Set(["constant", "poisson", "gamma", "steps", "sine", "trace", "recorded"]);

/** Whether a strategy sends at the instants of a schedule, whatever the server does. */
export function isOpenLoop(strategyType: string): boolean {
  return OPEN_LOOP.has(strategyType);
}
