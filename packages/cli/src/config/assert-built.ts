import type { RunConfig } from "@core/benchmark";
import { CliError } from "../errors.js";
import { CONFIG_PARTS } from "./config-parts.js";

/**
 * Makes sure that every part of a configuration can run.
 *
 * @throws {CliError} CORE_CLI_BAD_CONFIG naming each kind whose fields are known but which is not built yet.
 */
export function assertBuilt({ spec }: RunConfig): void {
  const values = spec as unknown as Readonly<Record<string, unknown>>;
  const problems = CONFIG_PARTS.flatMap(({ field, registry, repeat }) => {
    const parts = (repeat ? values[field] : [values[field]]) as readonly { readonly kind: string }[];
    return parts.flatMap(({ kind }, at) =>
      registry.find(kind)?.available === false
        ? [`${repeat ? `${field}[${at}]` : field}: the ${registry.family.label} kind ${kind} is not built yet`]
        : [],
    );
  });
  if (problems.length === 0) return;
  throw new CliError(problems.join("\n"), {
    code: "CORE_CLI_BAD_CONFIG",
    hint: "goodput kinds says which kinds can run.",
  });
}
