import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeFields, toJsonSchema } from "@core/registry";
import { describe, expect, test } from "@jest/globals";
import {
  columnMappers,
  DATA_ERRORS,
  DataPipeline,
  dataSources,
  finalizers,
  loaders,
  preprocessors,
  seeds,
} from "../src/index.js";
import { planOf } from "./support/data-plan.js";

const counts = (name: string) => ({
  [name]: null,
  [`${name}_stdev`]: null,
  [`${name}_min`]: null,
  [`${name}_max`]: null,
});
const size = { width: null, height: null, resolution: null, aspect_ratio: null, seed: 42 };
const trace = {
  source: { kind: "json_file", path: "t.jsonl" },
  timestamp_column: "timestamp",
  prompt_tokens_column: "input_length",
  output_tokens_column: "output_length",
  conversation_id_column: null,
  duration_column: "duration",
  max_wait: null,
  max_session_wait: null,
  min_concurrent_sessions: null,
  time_scale: 1,
  copies: 1,
  copy_offset: 1,
};
const { source } = trace;

/** Every kind that is not built: what must be given, and what its args are then, load_kwargs aside. */
const UNBUILT: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>])[] = [
  ...["parquet_file", "arrow_file", "hdf5_file", "tar_file"].map(
    (kind) => [kind, { path: "a" }, { path: "a" }] as const,
  ),
  ["db_file", { uri: "sqlite:///a.db" }, { uri: "sqlite:///a.db" }],
  ["huggingface", { source: "org/name" }, { source: "org/name" }],
  ["in_memory_dict", { data: { a: [1] } }, { data: { a: [1] } }],
  ["in_memory_dict_list", { data: [{ a: 1 }] }, { data: [{ a: 1 }] }],
  ["in_memory_item_list", { data: ["a"] }, { data: ["a"], column_name: "data" }],
  [
    "synthetic_video",
    { frames: "8" },
    {
      ...counts("output_tokens"),
      ...size,
      frames: 8,
      fps: 1,
      format: "mp4",
      video_bitrate: null,
      content: "gradient",
    },
  ],
];

/** Traces and their args. */
const TRACES: typeof UNBUILT = [
  ["trace_synthetic", { source }, trace],
  ["mooncake", { source }, { ...trace, hash_ids_column: "hash_ids", hash_id_block_size: 512 }],
  [
    "otel",
    { source },
    {
      ...trace,
      spans_column: "spans",
      trace_id_column: "trace_id",
      span_timestamp_field: "start_time",
      input_tokens_attributes: ["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"],
      output_tokens_attributes: ["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"],
      history: "trace",
      tool_choice: "required",
    },
  ],
  [
    "weka",
    { source },
    {
      ...trace,
      timestamp_column: "t",
      prompt_tokens_column: "in",
      output_tokens_column: "out",
      conversation_id_column: "id",
      hash_ids_column: "hash_ids",
      hash_id_block_size: 64,
      max_context_len: null,
      tools: null,
      ...counts("tool_response_tokens"),
    },
  ],
];

test.each(TRACES)("%s has the names and defaults of GuideLLM", (kind, given, parsed) => {
  expect(dataSources.parseArgs({ kind, ...given })).toEqual({ kind, load_kwargs: {}, ...parsed });
  expect(() => dataSources.parseArgs({ kind, ...given, surplus: 1 })).toThrow("data.surplus: unknown key");
  expect(() => dataSources.parseArgs({ kind })).toThrow("data.source: is required");
});

describe("data kinds that are not built", () => {
  test("are those of the registry", () => {
    const unbuilt = dataSources.list().filter(({ available }) => available === false);
    expect(unbuilt.map(({ kind }) => kind).sort()).toEqual(UNBUILT.map(([kind]) => kind).sort());
  });

  test.each(UNBUILT)("%s: args are validated, starting is refused", async (kind, given, parsed) => {
    expect(dataSources.parseArgs({ kind, ...given })).toEqual({ kind, load_kwargs: {}, ...parsed });
    const plan = planOf([{ kind, ...given }]);
    await expect(DataPipeline.create(plan)).rejects.toMatchObject({
      code: "CORE_REGISTRY_NOT_BUILT",
      message: expect.stringContaining(`"${kind}"`) as unknown as string,
    });
    expect(() => dataSources.parseArgs({ kind, ...given, surplus: 1 })).toThrow("data.surplus: unknown key");
    for (const name of Object.keys(given)) {
      const { [name]: _left, ...rest } = given;
      expect(() => dataSources.parseArgs({ kind, ...rest })).toThrow(`data.${name}: is required`);
    }
  });

  test.each([
    ["hf", "huggingface", { source: "org/name" }],
    ["opentelemetry", "otel", { source }],
  ])("%s is another name of %s", (alias, kind, given) => {
    expect(dataSources.parseArgs({ kind: alias, ...given })).toMatchObject({ kind });
  });

  test.each(["source", "src", "from", "path", "name"])("huggingface takes its source as %s", (name) => {
    expect(dataSources.parseArgs({ kind: "huggingface", [name]: "org/name" })).toEqual({
      kind: "huggingface",
      source: "org/name",
      load_kwargs: {},
    });
  });

  test.each([
    [{ kind: "synthetic_image", width: 0 }, "data.width: must be > 0"],
    [{ kind: "synthetic_image", jpeg_quality: 101 }, "data.jpeg_quality: must be <= 100"],
    [{ kind: "synthetic_video", frames: 1, format: "gif" }, "data.format: must be one of mp4"],
    [{ kind: "mooncake", source: "t.jsonl" }, "data.source: must be a data config with a kind"],
    [{ kind: "mooncake", source, copies: 0 }, "data.copies: must be >= 1"],
    [{ kind: "weka", source, time_scale: 0 }, "data.time_scale: must be > 0"],
    [{ kind: "weka", source, tool_response_tokens_stdev: 5 }, "tool_response_tokens_stdev needs tool_response_tokens"],
    [{ kind: "otel", source, history: "none" }, "data.history: must be one of trace, runtime"],
  ])("refuses %j", (args, message) => {
    expect(() => dataSources.parseArgs(args)).toThrow(message);
  });
});

describe("other parts of the pipeline", () => {
  const mappings = { column_mappings: null };

  test("defaults", () => {
    expect(columnMappers.parseArgs({ kind: "generative_column_mapper" })).toEqual({
      kind: "generative_column_mapper",
      ...mappings,
    });
    expect(columnMappers.parseArgs({ kind: "pooling_column_mapper" })).toEqual({
      kind: "pooling_column_mapper",
      ...mappings,
    });
    expect(preprocessors.parseArgs({ kind: "encode_media" })).toEqual({
      kind: "encode_media",
      audio_kwargs: {},
      image_kwargs: {},
      video_kwargs: {},
    });
    expect(finalizers.parseArgs({ kind: "generative" })).toEqual({ kind: "generative", tool_call_mode: "client" });
    expect(loaders.parseArgs({ kind: "default" })).toEqual({
      kind: "pytorch",
      samples: -1,
      shuffle: false,
      num_workers: 1,
      prefetch_factor: 4096,
    });
    expect(seeds.parseArgs({ kind: "static" })).toEqual({ kind: "static", value: 42 });
    expect(seeds.parseArgs({ kind: "static", value: "7" })).toEqual({ kind: "static", value: 7 });
  });

  test.each([[preprocessors, { kind: "tool_calling_message_extractor" }, {}]])(
    "a kind that is not built is validated and refused: %#",
    (registry, args, parsed) => {
      expect(registry.parseArgs(args)).toEqual({ ...args, ...parsed });
      expect(() => registry.assertAvailable(args.kind)).toThrow(
        expect.objectContaining({ code: "CORE_REGISTRY_NOT_BUILT" }),
      );
    },
  );

  test.each([
    [loaders, { kind: "pytorch", samples: -2 }, "data_loader.samples: must be >= -1"],
    [loaders, { kind: "pytorch", shuffle: "perhaps" }, "data_loader.shuffle: must be true or false"],
    [loaders, { kind: "pytorch", prefetch_factor: 0 }, "data_loader.prefetch_factor: must be >= 1"],
    [finalizers, { kind: "generative", tool_call_mode: "both" }, "tool_call_mode: must be one of client, server"],
    [seeds, { kind: "static", value: 1.5 }, "seed.value: must be a whole number"],
    [preprocessors, { kind: "turn_pivot" }, 'unknown preprocessor kind "turn_pivot"'],
  ])("refuses: %#", (registry, args, message) => {
    expect(() => registry.parseArgs(args)).toThrow(message);
  });
});

test("every field of every kind has a description and a JSON Schema", () => {
  for (const registry of [dataSources, columnMappers, preprocessors, finalizers, loaders, seeds]) {
    for (const { kind, argsSchema, summary } of registry.list()) {
      expect(summary).toMatch(/\.$/);
      for (const { name, description } of describeFields(argsSchema))
        expect([kind, name, description]).not.toContain("");
      expect(toJsonSchema(argsSchema)).toHaveProperty("properties");
    }
  }
});

test("every error code says what it means and is used", () => {
  const folder = fileURLToPath(new URL("../src/", import.meta.url));
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && name !== "errors.ts")
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("");
  for (const [code, meaning] of Object.entries(DATA_ERRORS)) {
    expect(meaning).toMatch(/\.$/);
    expect(sources).toContain(`code: "${code}"`);
  }
});

describe("the README", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

  test("has every data kind that can run with its args", () => {
    const rows = [...readme.matchAll(/^\| `(\w+)` +\| (`.+?) +\| (.+?) +\|$/gm)].map(([, kind, args, summary]) => {
      // `X`± stands for X, X_stdev, X_min and X_max
      const names = [...(args ?? "").matchAll(/`(\w+)`(\*?)(±?)/g)].flatMap(([, name, required, spread]) => {
        const others = spread === "" ? [] : ["stdev", "min", "max"].map((part) => `${name}_${part}`);
        return [`${name}${required}`, ...others];
      });
      return [kind, names, summary];
    });
    const built = dataSources.list().filter(({ available }) => available !== false);
    expect(rows).toEqual(
      built.map(({ kind, argsSchema, summary }) => {
        return [kind, describeFields(argsSchema).map(({ name, required }) => `${name}${required ? "*" : ""}`), summary];
      }),
    );
  });

  test("names every kind that is validated and not built", () => {
    const sentence = /Validated, not built yet: (.+?)\./s.exec(readme)?.[1] ?? "";
    const unbuilt = dataSources.list().filter(({ available }) => available === false);
    expect([...sentence.matchAll(/`(\w+)`/g)].map(([, kind]) => kind)).toEqual(unbuilt.map(({ kind }) => kind));
  });
});
