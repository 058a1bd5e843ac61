/** Most UTF-8 bytes in one token of the built-in tokenizer. */
export const CHUNK_BYTES = 6;
