import { CoreError, type CoreErrorOptions } from "@core/registry";

/** Error codes of this package and what each one means. */
export const TOKENIZER_ERRORS = Object.freeze({
  CORE_TOKENIZER_NO_MODEL: "The tokenizer kind needs a model and none was given.",
  CORE_TOKENIZER_NOT_FOUND: "The folder named as tokenizer model does not exist or holds no tokenizer.json.",
  CORE_TOKENIZER_INVALID: "The tokenizer files exist but could not be read.",
});

/** A code of {@link TOKENIZER_ERRORS}. */
export type TokenizerErrorCode = keyof typeof TOKENIZER_ERRORS;

/** An error of choosing or loading a tokenizer. */
export class TokenizerError extends CoreError {
  constructor(message: string, options: CoreErrorOptions & { readonly code: TokenizerErrorCode }) {
    super(message, options);
  }
}
