import { mappingField, nullable, textField, withDefault } from "@core/registry";
import * as v from "valibot";

/** The tokenizer that comes with this package; it has no settings. */
export const BuiltinTokenizerSchema = v.strictObject({ kind: v.literal("builtin") });

/** A tokenizer from files in the format of the Hugging Face libraries. */
export const HuggingFaceTokenizerSchema = v.strictObject({
  kind: v.literal("huggingface_auto"),
  model: nullable(textField("Local folder that holds tokenizer.json.")),
  load_kwargs: withDefault(mappingField("Accepted for compatibility; nothing reads it."), {}),
});
