import { KindRegistry } from "@core/registry";
import type { Tokenizer } from "./tokenizer.js";

/** The table of tokenizer kinds. Factories may read files, hence the promise. */
export const tokenizers: KindRegistry<Promise<Tokenizer>> = new KindRegistry({
  name: "tokenizer",
  label: "tokenizer",
  option: "--tokenizer",
});

/** Makes the tokenizer that validated args describe. */
export function createTokenizer(args: { readonly kind: string }): Promise<Tokenizer> {
  return tokenizers.create(args, undefined);
}
