/** Estimates of GuideLLM's mock server, bytes for each second. */
const PCM_BYTES = 32_000;
const COMPRESSED_BYTES = 8000;

/** Estimated length of encoded audio, seconds; `kind` is its format, MIME type or file name. */
export function audioSeconds(bytes: number, kind: string): number {
  return bytes / (/wav|pcm/i.test(kind) ? PCM_BYTES : COMPRESSED_BYTES);
}
