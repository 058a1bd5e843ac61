import "reflect-metadata/lite";
import * as tsyringe from "tsyringe";

export type { DependencyContainer } from "tsyringe";

const SHARED = Symbol.for("core.di/v1");

/**
 * The first copy of tsyringe in the process, shared by all copies of this package: two copies would not know each
 * other's classes. Everything else imports these names from here, never from tsyringe.
 */
function shared(): typeof tsyringe {
  const slots = globalThis as { [SHARED]?: typeof tsyringe };
  if (slots[SHARED] === undefined) Object.defineProperty(globalThis, SHARED, { value: tsyringe, enumerable: false });
  return slots[SHARED] ?? tsyringe;
}

/** Marks a class for constructor injection; every parameter needs {@link inject} with a token. */
export const injectable: typeof tsyringe.injectable = shared().injectable;

/** Names the token of a constructor parameter. */
export const inject: typeof tsyringe.inject = shared().inject;

/** A new scope; the composition root makes one per run and disposes it at the end. */
export function createScope(): tsyringe.DependencyContainer {
  return shared().container.createChildContainer();
}

/** Token of the run's {@link Clock}. */
export const CLOCK: symbol = Symbol.for("core.clock");

/** Token of the run's {@link Logger}. */
export const LOGGER: symbol = Symbol.for("core.logger");
