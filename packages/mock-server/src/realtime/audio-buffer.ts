const SAMPLES_PER_SECOND = 16_000;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** How much audio has come: 16-bit samples at 16 kHz. The samples themselves are of no use here. */
export class AudioBuffer {
  #bytes = 0;

  get samples(): number {
    return this.#bytes / 2;
  }

  get seconds(): number {
    return this.samples / SAMPLES_PER_SECOND;
  }

  /** Counts one piece. @returns Whether it is base64 of whole samples. */
  append(audio: unknown): boolean {
    if (typeof audio !== "string" || audio.length % 4 !== 0 || !BASE64.test(audio)) return false;
    const bytes = Buffer.byteLength(audio, "base64");
    if (bytes % 2 !== 0) return false;
    this.#bytes += bytes;
    return true;
  }
}
