import {
  choiceField,
  defineField,
  type Field,
  integerField,
  mappingField,
  nullable,
  numberField,
  textField,
  withDefault,
} from "@core/registry";
import * as v from "valibot";
import { countFields } from "../synthetic/count-fields.js";
import { PICTURE_SIZE_FIELDS } from "../synthetic/picture-size.js";

const anything = (description: string): Field<unknown> =>
  defineField<unknown>(description, { typeText: "any", jsonSchema: {} }, (value) => ({ value }));
const kwargs = { load_kwargs: withDefault(mappingField("Options of the reader."), {}) };
const path = { path: textField("File to read.") };

const file = <const K extends string>(kind: K) => v.strictObject({ kind: v.literal(kind), ...path, ...kwargs });

/** Kinds whose settings are validated now and which are built later, with one line about each. */
export const UNBUILT_DATA_KINDS = [
  { kind: "parquet_file", summary: "Rows of a Parquet file.", argsSchema: file("parquet_file") },
  { kind: "arrow_file", summary: "Rows of an Arrow file.", argsSchema: file("arrow_file") },
  { kind: "hdf5_file", summary: "Rows of an HDF5 file.", argsSchema: file("hdf5_file") },
  { kind: "tar_file", summary: "Rows of a WebDataset archive.", argsSchema: file("tar_file") },
  {
    kind: "db_file",
    summary: "Rows of a SQLite query.",
    argsSchema: v.strictObject({ kind: v.literal("db_file"), uri: textField("sqlite:///file.db"), ...kwargs }),
  },
  {
    kind: "huggingface",
    aliases: ["hf"],
    summary: "A dataset of the Hugging Face hub.",
    argsSchema: v.pipe(
      v.record(v.string(), v.unknown()),
      v.transform((given) => {
        const { src, from, path: given_path, name, ...rest } = given;
        const source = rest["source"] ?? src ?? from ?? given_path ?? name;
        return source === undefined ? rest : { ...rest, source };
      }),
      v.strictObject({ kind: v.literal("huggingface"), source: anything("Dataset name or folder."), ...kwargs }),
    ),
  },
  {
    kind: "in_memory_dict",
    summary: "Columns given in the configuration.",
    argsSchema: v.strictObject({
      kind: v.literal("in_memory_dict"),
      data: mappingField("Lists by column name."),
      ...kwargs,
    }),
  },
  {
    kind: "in_memory_dict_list",
    summary: "Rows given in the configuration.",
    argsSchema: v.strictObject({ kind: v.literal("in_memory_dict_list"), data: anything("List of rows."), ...kwargs }),
  },
  {
    kind: "in_memory_item_list",
    summary: "Texts given in the configuration.",
    argsSchema: v.strictObject({
      kind: v.literal("in_memory_item_list"),
      data: anything("List of values."),
      column_name: withDefault(textField("Column that the values form."), "data"),
      ...kwargs,
    }),
  },
  {
    kind: "synthetic_video",
    summary: "Generated videos.",
    argsSchema: v.strictObject({
      kind: v.literal("synthetic_video"),
      ...countFields("output_tokens", "output tokens asked for"),
      ...PICTURE_SIZE_FIELDS,
      seed: withDefault(integerField("Seed of the pixels."), 42),
      frames: integerField("Frames of a video.", { minimum: 1 }),
      fps: withDefault(numberField("Frames per second.", { exclusiveMinimum: 0 }), 1),
      format: withDefault(choiceField("Container.", ["mp4"]), "mp4"),
      video_bitrate: nullable(textField("Bit rate, for example 1M.")),
      content: withDefault(choiceField("What the pixels show.", ["gradient", "noise"]), "gradient"),
      ...kwargs,
    }),
  },
] as const;
