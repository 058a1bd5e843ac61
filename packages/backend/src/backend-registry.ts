import { type KindDefinition, KindRegistry } from "@core/registry";
import type { Backend, BackendArgs } from "./backend.js";
import { createClock } from "./clock.js";
import { CLOCK, createScope, type DependencyContainer, LOGGER } from "./di.js";
import { SILENT_LOGGER } from "./logger.js";

/** Args by kind, as given (defaults may be left out). Plugins augment this interface. */
export interface BackendArgsByKind {}

/** Class by kind. Plugins augment this interface. */
export interface BackendClassByKind {}

/** Kinds that are compiled in; `string` when there are none. */
export type BackendKind = keyof BackendArgsByKind & string;

/** What a backend plugin registers. */
export type BackendDefinition<K extends string, A extends BackendArgs> = KindDefinition<
  K,
  A,
  Backend,
  DependencyContainer
>;

/** The table of backend kinds. */
export const backends: KindRegistry<Backend, DependencyContainer> = new KindRegistry({
  name: "backend",
  label: "backend",
  option: "--backend",
});

/** Registers a backend kind; a plugin's `register.ts` calls it at import. */
export function registerBackend<K extends string, A extends BackendArgs>(definition: BackendDefinition<K, A>): void {
  backends.register(definition);
}

/** Validates open input; narrow the result with {@link isBackendArgs}. */
export function parseBackendArgs(input: unknown, at = "backend"): BackendArgs {
  return backends.parseArgs(input, at);
}

/** Tells whether args are those of a kind. */
export function isBackendArgs<K extends BackendKind>(
  args: BackendArgs,
  kind: K,
): args is BackendArgs & BackendArgsByKind[K] {
  return args.kind === kind;
}

type ClassOf<K> = K extends keyof BackendClassByKind ? BackendClassByKind[K] : Backend;

/**
 * Builds a backend from its args, which are validated first, so that defaults may be left out.
 *
 * @param scope - Where the backend finds CLOCK and LOGGER; by default a clock that starts now and a silent logger.
 */
export function createBackend<K extends BackendKind>(
  args: BackendArgsByKind[K] & { readonly kind: K },
  scope?: DependencyContainer,
): ClassOf<K>;
export function createBackend(args: BackendArgs, scope?: DependencyContainer): Backend;
export function createBackend(args: BackendArgs, scope: DependencyContainer = defaultScope()): Backend {
  return backends.create(parseBackendArgs(args), scope);
}

function defaultScope(): DependencyContainer {
  const scope = createScope();
  scope.register(CLOCK, { useValue: createClock(process.hrtime.bigint()) });
  scope.register(LOGGER, { useValue: SILENT_LOGGER });
  return scope;
}
