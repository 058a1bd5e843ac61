import { show } from "@core/registry";
import type * as v from "valibot";
import { DataError } from "./errors.js";
import { CsvFileSchema, JsonFileSchema, TextFileSchema } from "./file/file-schemas.js";
import { finalizeConversation } from "./finalizer/generative-finalizer.js";
import { ColumnMapper } from "./mapper/column-mapper.js";
import { POOLING_COLUMN_NAMES } from "./mapper/column-names.js";
import { columnMappers, finalizers, loaders, preprocessors, seeds } from "./pipeline-registries.js";
import * as schemas from "./pipeline-schemas.js";
import type { DataSource } from "./source/data-source.js";
import { dataSources } from "./source/data-sources.js";
import { UNBUILT_DATA_KINDS } from "./source/unbuilt-schemas.js";
import { SyntheticImageSchema } from "./synthetic/synthetic-image-schema.js";
import { SyntheticTextSchema } from "./synthetic/synthetic-text-schema.js";
import { MooncakeSchema, OtelSchema, TraceSyntheticSchema, WekaSchema } from "./trace/trace-fields.js";
import { VERSION } from "./version.js";

const origin = { contract: 1, packageName: "@core/data", packageVersion: VERSION } as const;

dataSources.register({
  ...origin,
  kind: "synthetic_text",
  summary: "Generated prompts of given lengths.",
  argsSchema: SyntheticTextSchema,
  create: async (args, { tokenizer, seed, sourceIndex }) => {
    const { SyntheticTextSource } = await import("./synthetic/synthetic-text.js");
    return new SyntheticTextSource(args, await tokenizer(), seed, sourceIndex);
  },
});

dataSources.register({
  ...origin,
  kind: "synthetic_image",
  summary: "Generated images.",
  argsSchema: SyntheticImageSchema,
  create: async (args, { seed, sourceIndex }) => {
    readerOption(args, null);
    const { SyntheticImageSource } = await import("./synthetic/synthetic-image.js");
    return new SyntheticImageSource(args, seed, sourceIndex);
  },
});

dataSources.register({
  ...origin,
  kind: "json_file",
  summary: "Rows of a JSON or JSON Lines file.",
  argsSchema: JsonFileSchema,
  create: async (args) => {
    const { openJsonFile } = await import("./file/json-file.js");
    return openJsonFile(args.path, readerOption(args, "field"));
  },
});

dataSources.register({
  ...origin,
  kind: "csv_file",
  summary: "Rows of a comma separated file.",
  argsSchema: CsvFileSchema,
  create: async (args) => {
    const { openCsvFile } = await import("./file/csv-file.js");
    return openCsvFile(args.path, readerOption(args, "delimiter") ?? ",");
  },
});

dataSources.register({
  ...origin,
  kind: "text_file",
  summary: "Lines of a text file.",
  argsSchema: TextFileSchema,
  create: async (args) => {
    const { openTextFile } = await import("./file/text-file.js");
    readerOption(args, null);
    return openTextFile(args.path);
  },
});

dataSources.register({
  ...origin,
  kind: "trace_synthetic",
  summary: "Recorded lengths and times.",
  argsSchema: TraceSyntheticSchema,
  create: async (args, dependencies) => {
    const { openTraceSynthetic } = await import("./trace/trace-synthetic.js");
    return openTraceSynthetic(args, dependencies);
  },
});

dataSources.register({
  ...origin,
  kind: "mooncake",
  summary: "Recorded lengths, times and prefix blocks (Mooncake).",
  argsSchema: MooncakeSchema,
  create: async (args, dependencies) => {
    const { openMooncake } = await import("./trace/mooncake.js");
    return openMooncake(args, dependencies);
  },
});

dataSources.register({
  ...origin,
  kind: "weka",
  summary: "Recorded agent conversations (WEKA).",
  argsSchema: WekaSchema,
  create: async (args, dependencies) => {
    const { openWeka } = await import("./trace/weka.js");
    return openWeka(args, dependencies);
  },
});

dataSources.register({
  ...origin,
  kind: "otel",
  aliases: ["opentelemetry"],
  summary: "Recorded OpenTelemetry spans.",
  argsSchema: OtelSchema,
  create: async (args, dependencies) => {
    const { openOtel } = await import("./trace/otel.js");
    return openOtel(args, dependencies);
  },
});

for (const { argsSchema, ...rest } of UNBUILT_DATA_KINDS) {
  dataSources.register<string, { readonly kind: string }>({
    ...origin,
    ...rest,
    argsSchema: argsSchema as v.GenericSchema<unknown, { readonly kind: string }>,
    available: false,
    create: neverCalled<Promise<DataSource>>,
  });
}

columnMappers.register({
  ...origin,
  kind: "generative_column_mapper",
  summary: "Columns by their usual names.",
  argsSchema: schemas.GenerativeColumnMapperSchema,
  create: (args) => (sources) => new ColumnMapper(args.column_mappings, sources),
});

columnMappers.register({
  ...origin,
  kind: "pooling_column_mapper",
  summary: "The body of pooling requests.",
  argsSchema: schemas.PoolingColumnMapperSchema,
  create: (args) => (sources) => new ColumnMapper(args.column_mappings ?? POOLING_COLUMN_NAMES, sources),
});

preprocessors.register({
  ...origin,
  kind: "encode_media",
  summary: "Reads images, video and audio of files; rows without media pass unchanged.",
  argsSchema: schemas.EncodeMediaSchema,
  create: async (args) => {
    const { createMediaEncoder } = await import("./media/encode-media.js");
    return createMediaEncoder(args);
  },
});

preprocessors.register({
  ...origin,
  kind: "tool_calling_message_extractor",
  summary: "Takes tool messages out of recorded conversations.",
  argsSchema: schemas.ToolCallingMessageExtractorSchema,
  available: false,
  create: neverCalled,
});

finalizers.register({
  ...origin,
  kind: "generative",
  summary: "Text requests.",
  argsSchema: schemas.GenerativeFinalizerSchema,
  create:
    (args, { classes }) =>
    (turns, graphId) =>
      finalizeConversation(turns, graphId, { classes, toolCalls: args.tool_call_mode }),
});

loaders.register({
  ...origin,
  kind: "pytorch",
  aliases: ["default"],
  summary: "Conversations in order, made ahead in one thread (the name is GuideLLM's).",
  argsSchema: schemas.LoaderSchema,
  create: (args) => ({
    samples: args.samples > 0 ? args.samples : null,
    shuffle: args.shuffle,
    prefetch: args.prefetch_factor,
  }),
});

seeds.register({
  ...origin,
  kind: "static",
  summary: "A fixed number.",
  argsSchema: schemas.StaticSeedSchema,
  create: (args) => args.value,
});

/** The one option that a file kind has beyond `split`, which is accepted: a single table has a single split. */
function readerOption(
  args: { readonly kind: string; readonly load_kwargs: Readonly<Record<string, unknown>> },
  name: string | null,
): string | null {
  const { split: _split, ...options } = args.load_kwargs;
  const unknown = Object.keys(options).find((key) => key !== name);
  if (unknown !== undefined) {
    throw new DataError(`The data kind ${args.kind} has no load_kwargs.${unknown}.`, {
      code: "CORE_DATA_NOT_BUILT",
      hint: name === null ? "Leave load_kwargs out." : `Known: ${name}.`,
    });
  }
  const value = name === null ? undefined : options[name];
  if (value === undefined || value === null) return null;
  if (typeof value === "string" && value !== "") return value;
  throw new DataError(`load_kwargs.${name} of ${args.kind} must be text that is not empty, got ${show(value)}.`, {
    code: "CORE_DATA_NOT_BUILT",
    hint: "Put it in quotes.",
  });
}

function neverCalled<T>(args: { readonly kind: string }): T {
  throw new Error(`${args.kind} is registered as not built, so the registry never calls this.`);
}
