import { listedFamilies, nearestName } from "@core/registry";
import { CliError } from "../errors.js";
import { CONFIG_PARTS, type KindEntry, type PartRegistry } from "./config-parts.js";

/** A family of kinds as people name it. */
export interface KindGroup {
  /** For example `data-loader`. */
  readonly name: string;
  /** Other names for it. */
  readonly aliases: readonly string[];
  /** What stands in front of a kind, for example `--data-loader kind=`. */
  readonly choose: string;
  readonly description: string;
  readonly registry: Pick<PartRegistry, "family" | "find" | "list" | "names">;
}

/** All families: those of the configuration, then those that plugins have told of. */
export function kindFamilies(): readonly KindGroup[] {
  const parts = CONFIG_PARTS.map(({ field, registry, description }) => ({
    name: registry.family.option.replace(/^--/, ""),
    aliases: [field],
    choose: `${registry.family.option} kind=`,
    description,
    registry,
  }));
  const others = listedFamilies().map(({ registry, description }) => ({
    name: registry.family.name.replaceAll("_", "-"),
    aliases: [registry.family.name],
    choose: `${registry.family.option}=`,
    description,
    registry: registry as KindGroup["registry"],
  }));
  return [...parts, ...others];
}

/** The family of a name, however it is spelled. @throws {CliError} CORE_CLI_BAD_VALUE with the nearest name. */
export function findFamily(given: string): KindGroup {
  const plain = (name: string) => name.replace(/^--/, "").replaceAll("_", "-");
  const families = kindFamilies();
  const wanted = plain(given);
  const found = families.find(({ name, aliases }) => [name, ...aliases].map(plain).includes(wanted));
  if (found !== undefined) return found;
  const names = families.map(({ name }) => name);
  throw new CliError(`There is no family ${given}.${suggestion(wanted, names)}`, {
    code: "CORE_CLI_BAD_VALUE",
    hint: `Families: ${names.join(", ")}.`,
  });
}

/** A kind of a family. @throws {CliError} CORE_CLI_BAD_VALUE with the nearest name. */
export function findKind({ registry }: KindGroup, kind: string): KindEntry {
  const found = registry.find(kind);
  if (found !== undefined) return found;
  const { label } = registry.family;
  throw new CliError(`There is no ${label} kind ${kind}.${suggestion(kind, registry.names())}`, {
    code: "CORE_CLI_BAD_VALUE",
    hint: `Kinds: ${registry.names().join(", ")}.`,
  });
}

function suggestion(wanted: string, names: readonly string[]): string {
  const near = nearestName(wanted, names);
  return near === null ? "" : ` Did you mean "${near}"?`;
}
