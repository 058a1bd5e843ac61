import { type ConcurrencyUnitArgs, DEFAULT_BEHIND_WINDOW, type PacingArgs } from "@core/scheduler";

/** The unit of a bound as strategies report it: left out where it is GuideLLM's. */
export function unitOf({ concurrency_unit = "request" }: ConcurrencyUnitArgs): ConcurrencyUnitArgs {
  return concurrency_unit === "request" ? {} : { concurrency_unit };
}

/** The pace as strategies report it: only what differs from GuideLLM's. */
export function pacingOf(args: PacingArgs): PacingArgs {
  const { rate_unit = "request", when_behind = "keep", behind_window = DEFAULT_BEHIND_WINDOW } = args;
  return {
    ...unitOf(args),
    ...(rate_unit === "request" ? {} : { rate_unit }),
    ...(when_behind === "keep" ? {} : { when_behind, behind_window }),
  };
}
