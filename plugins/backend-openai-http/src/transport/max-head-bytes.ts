/** Largest head of a response, in bytes: more is an attack or a mistake. */
export const MAX_HEAD_BYTES = 64 * 1024;
