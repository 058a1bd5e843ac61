import { TokenizerError } from "./errors.js";
import { BuiltinTokenizerSchema, HuggingFaceTokenizerSchema } from "./tokenizer-schemas.js";
import { tokenizers } from "./tokenizers.js";
import { VERSION } from "./version.js";

const origin = { contract: 1, packageName: "@core/tokenizer", packageVersion: VERSION } as const;

tokenizers.register({
  ...origin,
  kind: "builtin",
  summary: "Words and short chunks; needs no files.",
  argsSchema: BuiltinTokenizerSchema,
  create: async () => {
    const { BuiltinTokenizer } = await import("./builtin/builtin-tokenizer.js");
    return new BuiltinTokenizer();
  },
});

tokenizers.register({
  ...origin,
  kind: "huggingface_auto",
  aliases: ["hf_auto"],
  summary: "tokenizer.json of a local model folder.",
  argsSchema: HuggingFaceTokenizerSchema,
  create: async (args) => {
    if (args.model === null || args.model === "") {
      throw new TokenizerError("The tokenizer huggingface_auto needs a model.", {
        code: "CORE_TOKENIZER_NO_MODEL",
        hint: "Give --tokenizer kind=huggingface_auto,model=FOLDER, or use --tokenizer kind=builtin.",
      });
    }
    const { HuggingFaceTokenizer } = await import("./huggingface/huggingface-tokenizer.js");
    return HuggingFaceTokenizer.load(args.model);
  },
});
