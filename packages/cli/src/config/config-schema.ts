import { toJsonSchema } from "@core/registry";
import { CONFIG_PARTS, type ConfigPart } from "./config-parts.js";
import { SpecSettingsSchema } from "./spec-settings.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** JSON Schema of configuration files, from the registries: editors complete and check scenario files with it. */
export function configSchema(): JsonObject {
  const settings = toJsonSchema(SpecSettingsSchema) as { readonly properties?: JsonObject };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "goodput configuration",
    type: "object",
    additionalProperties: false,
    properties: {
      $schema: { type: "string" },
      plugins: { type: "array", items: { type: "string" }, description: "Packages or modules that register kinds." },
      metadata: {
        type: "object",
        properties: { labels: { type: "object", additionalProperties: { type: "string" } } },
      },
      spec: {
        type: "object",
        additionalProperties: false,
        properties: {
          ...Object.fromEntries(CONFIG_PARTS.map((part) => [part.field, partSchema(part)])),
          ...settings.properties,
        },
      },
      benchmarks: {
        type: "array",
        items: { type: ["object", "null"] },
        description: "One mapping for each benchmark, from a path like profile.streams to its value.",
      },
    },
  };
}

function partSchema({ registry, repeat, description, fallback }: ConfigPart): JsonObject {
  const kinds = registry.list().map((entry) => {
    const { $schema: _, ...schema } = toJsonSchema(entry.argsSchema) as JsonObject;
    return { title: entry.kind, description: entry.summary, ...schema };
  });
  const one = { oneOf: kinds };
  return {
    description,
    ...(repeat ? { type: "array", items: one } : one),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}
