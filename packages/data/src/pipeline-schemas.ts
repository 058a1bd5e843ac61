import {
  booleanField,
  choiceField,
  defineField,
  type Field,
  integerField,
  isMapping,
  mappingField,
  nullable,
  withDefault,
} from "@core/registry";
import * as v from "valibot";

const mappings: Field<Readonly<Record<string, readonly string[]>>> = defineField(
  "Column names by column type; replaces all defaults.",
  { typeText: "mapping of column type to name or names", jsonSchema: { type: "object" } },
  (input) => {
    if (!isMapping(input)) return { problem: "must be a mapping" };
    const entries = Object.entries(input).map(
      ([type, names]) => [type, Array.isArray(names) ? names : [names]] as const,
    );
    const type = entries.find(([name]) => !/^[a-z][a-z0-9_]*_column$/.test(name))?.[0];
    if (type !== undefined) return { problem: `must have column types as keys, for example text_column (at ${type})` };
    const bad = entries.find(([, names]) => names.length === 0 || names.some((name) => typeof name !== "string"));
    return bad === undefined
      ? { value: Object.fromEntries(entries) }
      : { problem: `must name columns by text (at ${bad[0]})` };
  },
);

/** Maps columns by their names. */
export const GenerativeColumnMapperSchema = v.strictObject({
  kind: v.literal("generative_column_mapper"),
  column_mappings: nullable(mappings),
});

/** Maps the body of pooling requests. */
export const PoolingColumnMapperSchema = v.strictObject({
  kind: v.literal("pooling_column_mapper"),
  column_mappings: nullable(mappings),
});

const kwargs = (description: string) => withDefault(mappingField(description), {});

/** Reads media; rows without media pass unchanged. */
export const EncodeMediaSchema = v.strictObject({
  kind: v.literal("encode_media"),
  audio_kwargs: kwargs("Of audio: file_name, under which it is sent."),
  image_kwargs: kwargs(
    "Of images: encode_type (url sends URLs as they are, base64 refuses them), width, height, max_size, max_width, max_height.",
  ),
  video_kwargs: kwargs("Of video: encode_type, as of images."),
});

/** Takes tool messages out of recorded conversations. */
export const ToolCallingMessageExtractorSchema = v.strictObject({ kind: v.literal("tool_calling_message_extractor") });

/** Makes requests from mapped rows. */
export const GenerativeFinalizerSchema = v.strictObject({
  kind: v.literal("generative"),
  tool_call_mode: withDefault(choiceField("Who calls the tools of a turn.", ["client", "server"]), "client"),
});

/** Hands out conversations in order. */
export const LoaderSchema = v.strictObject({
  kind: v.literal("pytorch"),
  samples: withDefault(
    integerField("Use only this many conversations, the same ones in every benchmark; -1 is all.", { minimum: -1 }),
    -1,
  ),
  shuffle: withDefault(booleanField("Read a finite source in a random order that the seed decides."), false),
  num_workers: withDefault(integerField("Accepted for compatibility: there is one data thread.", { minimum: 0 }), 1),
  prefetch_factor: withDefault(integerField("Most conversations made ahead.", { minimum: 1 }), 4096),
});

/** A fixed seed. */
export const StaticSeedSchema = v.strictObject({
  kind: v.literal("static"),
  value: withDefault(integerField("Seed of everything random."), 42),
});
