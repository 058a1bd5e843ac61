import type * as v from "valibot";
import { RegistryError } from "./errors.js";
import { show } from "./field.js";
import { formatIssues } from "./format-issues.js";
import type { AnyKindDefinition, KindDefinition } from "./kind-definition.js";
import { nearestName } from "./nearest-name.js";
import { isMapping } from "./structured-fields.js";

/** A group of kinds that can stand in one place of the configuration. */
export interface KindFamily {
  /** Identifier, for example `backend`; part of the global symbol. */
  readonly name: string;
  /** Words for messages, for example `backend`. */
  readonly label: string;
  /** Command line option, for example `--backend`. */
  readonly option: string;
}

/**
 * Kinds of one family: args schema and factory by name. The table lives on `globalThis` under
 * `core.<family>.registry/v1`, so that two physical copies of a package in one process share it.
 */
export class KindRegistry<I, D = undefined> {
  readonly family: KindFamily;
  readonly #symbol: symbol;

  constructor(family: KindFamily) {
    this.family = family;
    this.#symbol = Symbol.for(`core.${family.name}.registry/v1`);
  }

  /**
   * Adds a kind. The same package and version again is ignored.
   *
   * @throws {RegistryError} CORE_REGISTRY_DUPLICATE_KIND when another package, or another version, owns the kind or one
   * of its aliases (without regard to case); CORE_REGISTRY_BAD_DEFINITION when the definition cannot be read.
   */
  register<K extends string, A extends { readonly kind: string }>(definition: KindDefinition<K, A, I, D>): void {
    this.#assertReadable(definition);
    const table = this.#table();
    for (const name of [definition.kind, ...(definition.aliases ?? [])]) {
      const owner = this.find(name);
      if (owner === undefined) continue;
      const same = owner.packageName === definition.packageName && owner.packageVersion === definition.packageVersion;
      if (same && owner.kind === definition.kind) return;
      throw this.#duplicate(name, owner, definition);
    }
    table.set(definition.kind, Object.freeze({ ...definition }) as unknown as AnyKindDefinition<I, D>);
  }

  /** The definition of a kind: exact name first, then without regard to case, aliases included. */
  find(kind: string): AnyKindDefinition<I, D> | undefined {
    const exact = this.#exact(kind);
    if (exact !== undefined) return exact;
    const folded = kind.toLowerCase();
    return this.list().find((entry) =>
      [entry.kind, ...(entry.aliases ?? [])].some((name) => name.toLowerCase() === folded),
    );
  }

  /** All definitions in order of registration. */
  list(): readonly AnyKindDefinition<I, D>[] {
    return [...this.#table().values()];
  }

  /** All kinds and aliases, for help and suggestions. */
  names(): readonly string[] {
    return this.list().flatMap((entry) => [entry.kind, ...(entry.aliases ?? [])]);
  }

  /**
   * Validates configuration in two steps: the `kind`, then strictly the fields of that kind. The result is complete
   * (defaults filled in) and carries the kind as registered, also when an alias or another case was given.
   *
   * @param at - Path of the value in the configuration, for messages.
   * @throws {RegistryError} CORE_REGISTRY_MISSING_KIND, CORE_REGISTRY_UNKNOWN_KIND or CORE_REGISTRY_INVALID_ARGS; the
   * last lists every issue as a `path: message` line.
   */
  parseArgs(input: unknown, at: string = this.family.name): { readonly kind: string } {
    const definition = this.#definitionOf(input, at);
    // The standard interface, so that a plugin may bring its own copy of valibot.
    const result = definition.argsSchema["~standard"].validate({ ...(input as object), kind: definition.kind });
    if ("then" in result) throw this.#badDefinition(definition, "an asynchronous schema");
    if (result.issues === undefined) return result.value;
    // Issues are not kept as cause: they hold the input, which may hold secrets.
    const issues = result.issues as readonly v.BaseIssue<unknown>[];
    throw new RegistryError(formatIssues(issues, definition.argsSchema, at), { code: "CORE_REGISTRY_INVALID_ARGS" });
  }

  /**
   * Builds the part that validated args describe.
   *
   * @throws {RegistryError} CORE_REGISTRY_UNKNOWN_KIND, or CORE_REGISTRY_NOT_BUILT when the kind cannot run yet.
   */
  create(args: { readonly kind: string }, dependencies: D): I {
    const definition = this.find(args.kind);
    if (definition === undefined) throw this.#unknown(args.kind, this.family.name);
    this.assertAvailable(args.kind);
    return definition.create(args, dependencies);
  }

  /** Throws CORE_REGISTRY_NOT_BUILT when the kind is known but cannot run yet. */
  assertAvailable(kind: string): void {
    const definition = this.find(kind);
    if (definition?.available !== false) return;
    const built = this.list().filter((entry) => entry.available !== false);
    throw new RegistryError(`The ${this.family.label} kind "${definition.kind}" is not built yet in this version.`, {
      code: "CORE_REGISTRY_NOT_BUILT",
      hint: `Kinds that can run: ${built.map((entry) => entry.kind).join(", ")}.`,
    });
  }

  #table(): Map<string, AnyKindDefinition<I, D>> {
    const slots = globalThis as { [key: symbol]: unknown };
    if (slots[this.#symbol] === undefined) {
      Object.defineProperty(globalThis, this.#symbol, { value: new Map(), enumerable: false });
    }
    return slots[this.#symbol] as Map<string, AnyKindDefinition<I, D>>;
  }

  #exact(name: string): AnyKindDefinition<I, D> | undefined {
    return this.#table().get(name) ?? this.list().find((entry) => entry.aliases?.includes(name));
  }

  #definitionOf(input: unknown, at: string): AnyKindDefinition<I, D> {
    const kind = isMapping(input) ? input["kind"] : undefined;
    if (typeof kind !== "string" || kind === "") {
      const given = isMapping(input) ? `the keys ${Object.keys(input).join(", ") || "(none)"}` : show(input);
      throw new RegistryError(`${at}: needs a "kind", got ${given}.`, {
        code: "CORE_REGISTRY_MISSING_KIND",
        hint: `Kinds of ${this.family.label}: ${this.names().join(", ") || "none registered"}.`,
      });
    }
    const definition = this.find(kind);
    if (definition === undefined) throw this.#unknown(kind, at);
    return definition;
  }

  #unknown(kind: string, at: string): RegistryError {
    const near = nearestName(kind, this.names());
    const suggestion = near === null ? "" : ` Did you mean "${near}"?`;
    return new RegistryError(`${at}: unknown ${this.family.label} kind ${show(kind)}.${suggestion}`, {
      code: "CORE_REGISTRY_UNKNOWN_KIND",
      hint: `Registered kinds: ${this.names().join(", ") || "none"}. A kind from another package needs --plugin PACKAGE.`,
    });
  }

  #duplicate(
    name: string,
    owner: { packageName: string; packageVersion: string },
    other: { packageName: string; packageVersion: string },
  ): RegistryError {
    const names = `${owner.packageName} ${owner.packageVersion} and ${other.packageName} ${other.packageVersion}`;
    return new RegistryError(`The ${this.family.label} kind "${name}" is registered by two packages: ${names}.`, {
      code: "CORE_REGISTRY_DUPLICATE_KIND",
      hint: "Remove one of them, or rename the kind in one of them.",
    });
  }

  #assertReadable(definition: AnyShape): void {
    if (definition.contract !== 1) throw this.#badDefinition(definition, `contract ${show(definition.contract)}`);
    if (typeof definition.kind !== "string" || definition.kind === "") {
      throw this.#badDefinition(definition, "no name");
    }
    const schema = definition.argsSchema as { readonly "~standard"?: unknown } | undefined;
    if (schema?.["~standard"] === undefined) throw this.#badDefinition(definition, "no args schema");
    if (typeof definition.create !== "function") throw this.#badDefinition(definition, "no create function");
  }

  #badDefinition(definition: AnyShape, problem: string): RegistryError {
    const kind = `the ${this.family.label} kind ${show(definition.kind)}`;
    return new RegistryError(
      `${definition.packageName} registers ${kind} with ${problem}; this version reads contract 1.`,
      {
        code: "CORE_REGISTRY_BAD_DEFINITION",
        hint: "Install versions of goodput and of the plugin that fit together.",
      },
    );
  }
}

/** A definition before it is known to be one. */
interface AnyShape {
  readonly contract: unknown;
  readonly kind: unknown;
  readonly packageName: string;
  readonly argsSchema: unknown;
  readonly create: unknown;
}
