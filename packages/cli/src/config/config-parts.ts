import { backends } from "@core/backend";
import { profiles } from "@core/benchmark";
import { columnMappers, dataSources, finalizers, loaders, preprocessors, seeds } from "@core/data";
import { metricsKinds } from "@core/metrics";
import { outputs } from "@core/output";
import type { KindFamily } from "@core/registry";
import { constraints } from "@core/scheduler";
import { tokenizers } from "@core/tokenizer";
import type * as v from "valibot";

/** What the command line needs of a registry, whatever it builds. */
export interface PartRegistry {
  readonly family: KindFamily;
  find(kind: string): KindEntry | undefined;
  list(): readonly KindEntry[];
  names(): readonly string[];
  parseArgs(input: unknown, at?: string): { readonly kind: string };
}

/** A registered kind, as help and messages show it. */
export interface KindEntry {
  readonly kind: string;
  readonly aliases?: readonly string[];
  readonly packageName: string;
  readonly packageVersion: string;
  readonly summary: string;
  readonly argsSchema: v.GenericSchema<unknown, { readonly kind: string }>;
  readonly available?: boolean;
}

/** One field of `spec` whose value is chosen by `kind`. */
export interface ConfigPart {
  /** Name in `spec`. */
  readonly field: string;
  readonly registry: PartRegistry;
  /** True for a list of parts. */
  readonly repeat: boolean;
  /** Value when nothing is given; undefined when something must be. */
  readonly fallback: unknown;
  /** Help text of the option. */
  readonly description: string;
}

/** All parts in the order of help and configuration. */
export const CONFIG_PARTS: readonly ConfigPart[] = Object.freeze([
  part("backend", backends, { description: "Server to measure." }),
  part("profile", profiles, { fallback: { kind: "sweep" }, description: "Load shape." }),
  part("constraints", constraints, { repeat: true, fallback: [], description: "When a benchmark ends." }),
  part("tokenizer", tokenizers, { fallback: { kind: "builtin" }, description: "Counts and makes prompt tokens." }),
  part("data", dataSources, { repeat: true, description: "Prompts: generated, or from a file." }),
  part("data_column_mapper", columnMappers, {
    fallback: { kind: "generative_column_mapper" },
    description: "Which columns of the data are what.",
  }),
  part("data_preprocessors", preprocessors, {
    repeat: true,
    fallback: [{ kind: "encode_media" }],
    description: "Changes rows before they become requests.",
  }),
  part("data_finalizer", finalizers, { fallback: { kind: "generative" }, description: "Makes requests of rows." }),
  part("data_loader", loaders, { fallback: { kind: "pytorch" }, description: "Order and number of rows." }),
  part("seed", seeds, { fallback: { kind: "static" }, description: "Makes everything random repeatable." }),
  part("outputs", outputs, {
    repeat: true,
    fallback: [{ kind: "json" }, { kind: "csv" }],
    description: "Where results are written.",
  }),
  part("metrics", metricsKinds, { fallback: { kind: "generative" }, description: "What is computed." }),
]);

function part(
  field: string,
  registry: PartRegistry,
  { repeat = false, fallback, description }: Partial<Omit<ConfigPart, "field" | "registry">>,
): ConfigPart {
  return { field, registry, repeat, fallback, description: description ?? "" };
}

/** Name of a part's field by its option name, so that `constraint` in a file means `constraints`. */
export function fieldOfOption(option: string): string {
  return CONFIG_PARTS.find(({ registry }) => registry.family.option === option)?.field ?? option.replace(/^--/, "");
}
