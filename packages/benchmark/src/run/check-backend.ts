import {
  type BackendArgs,
  type BackendLimits,
  backends,
  CLOCK,
  createClock,
  createScope,
  LOGGER,
  type Logger,
  withModel,
} from "@core/backend";

/** A backend that was found to work. */
export interface CheckedBackend {
  /** The args with the model that was resolved, and what else the check found out. */
  readonly args: BackendArgs;
  readonly model: string;
  /** False when only the workers start it: nothing has been asked yet. */
  readonly hasAnswered: boolean;
  readonly limits: BackendLimits;
  /** JSON-safe, secrets masked. */
  readonly info: unknown;
}

/**
 * Starts the backend once in this thread, lets it validate the server and name the model, and shuts it down: what is
 * wrong with the target is known before any load is sent.
 *
 * @throws {CoreError} The backend's own error.
 */
export async function checkBackend(args: BackendArgs, epochNs: bigint, logger: Logger): Promise<CheckedBackend> {
  const scope = createScope();
  scope.register(CLOCK, { useValue: createClock(epochNs) });
  scope.register(LOGGER, { useValue: logger });
  const backend = backends.create(args, scope);
  if (!backend.startsInParent) return describe(backend, await backend.defaultModel());
  await backend.startup();
  try {
    await backend.validate();
    return describe(backend, await backend.defaultModel());
  } finally {
    await backend.shutdown();
  }
}

function describe(
  backend: {
    limits(): BackendLimits;
    readonly info: unknown;
    readonly startsInParent: boolean;
    readonly resolvedArgs: BackendArgs;
  },
  model: string,
): CheckedBackend {
  return {
    args: withModel(backend.resolvedArgs, model),
    model,
    hasAnswered: backend.startsInParent,
    limits: backend.limits(),
    info: backend.info,
  };
}
