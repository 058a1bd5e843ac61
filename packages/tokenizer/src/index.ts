import "./register.js";

export { TOKENIZER_ERRORS, TokenizerError, type TokenizerErrorCode } from "./errors.js";
export { Tokenizer } from "./tokenizer.js";
export { createTokenizer, tokenizers } from "./tokenizers.js";
