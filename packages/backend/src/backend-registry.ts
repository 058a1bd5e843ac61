import { type KindDefinition, KindRegistry } from "@core/registry";
import type { Backend, BackendArgs } from "./backend.js";
import { createClock } from "./clock.js";
import { CLOCK, createScope, type DependencyContainer, LOGGER } from "./di.js";
import { SILENT_LOGGER } from "./logger.js";

/** Args by kind, as given (defaults may be left out: valibot's `InferInput`). Plugins augment this interface. */
export interface BackendArgsByKind {}

/** Class by kind. Plugins augment this interface. */
export interface BackendClassByKind {}

/** Kinds that are compiled in; `never` when there are none. */
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

/** Class of a kind, {@link Backend} when it is not compiled in. */
export type BackendOfKind<K extends string> = K extends keyof BackendClassByKind ? BackendClassByKind[K] : Backend;

/** Complete args of a kind, as its class holds them. */
export type ParsedArgsOfKind<K extends string> = BackendOfKind<K> extends Backend<infer A> ? A : never;

/** Args that {@link createBackend} takes for a kind; for a kind not known at compile time, anything with a `kind`. */
export type GivenArgsOfKind<K extends string> = string extends K
  ? BackendArgs
  : K extends BackendKind
    ? BackendArgsByKind[K]
    : { readonly kind: BackendKind };

/** Tells whether validated args are those of a kind. */
export function isBackendArgs<K extends BackendKind>(
  args: BackendArgs,
  kind: K,
): args is ParsedArgsOfKind<K> & { readonly kind: K } {
  return args.kind === kind;
}

/**
 * Builds a backend from its args, which are validated first, so that defaults may be left out. Unknown kinds, missing
 * fields and wrong types are compile errors when the kind is a literal.
 *
 * @param scope - Where the backend finds CLOCK and LOGGER; by default a clock that starts now and a silent logger.
 */
export function createBackend<const K extends string>(
  args: { readonly kind: K } & GivenArgsOfKind<K>,
  scope: DependencyContainer = defaultScope(),
): BackendOfKind<K> {
  return backends.create(parseBackendArgs(args), scope) as BackendOfKind<K>;
}

function defaultScope(): DependencyContainer {
  const scope = createScope();
  scope.register(CLOCK, { useValue: createClock(process.hrtime.bigint()) });
  scope.register(LOGGER, { useValue: SILENT_LOGGER });
  return scope;
}
