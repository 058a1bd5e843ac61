import type { KindRegistry } from "./kind-registry.js";

/** A family of kinds that a package beside the core has, and what is said about it. */
export interface ListedFamily {
  readonly registry: Pick<KindRegistry<unknown>, "family" | "find" | "list" | "names">;
  readonly description: string;
}

const FAMILIES = Symbol.for("core.families.listed/v1");

/**
 * Makes a family known to what lists kinds, although the configuration has no part of its own for it: its kinds are
 * values of a field of another kind. A family of the same name again is ignored.
 */
export function listFamily(registry: ListedFamily["registry"], description: string): void {
  const table = families();
  const { name } = registry.family;
  if (!table.has(name)) table.set(name, Object.freeze({ registry, description }));
}

/** All of them, in the order in which they became known. */
export function listedFamilies(): readonly ListedFamily[] {
  return [...families().values()];
}

/** On `globalThis`, so that two physical copies of this package share it. */
function families(): Map<string, ListedFamily> {
  const slots = globalThis as { [FAMILIES]?: Map<string, ListedFamily> };
  if (slots[FAMILIES] === undefined)
    Object.defineProperty(globalThis, FAMILIES, { value: new Map(), enumerable: false });
  return slots[FAMILIES] as Map<string, ListedFamily>;
}
