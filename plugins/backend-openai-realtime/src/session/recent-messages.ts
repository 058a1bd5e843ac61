import { createHash } from "node:crypto";
import type { PreparedRealtimeRequest } from "./prepared-realtime-request.js";

/** What is made from one item of audio. */
export type AudioMessages = Pick<PreparedRealtimeRequest, "messages" | "audio">;

/** Most bytes of messages that are kept for audio that comes again. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The messages made of recent audio, by its digest. Benchmarks send the same recordings again and again: half a minute of
 * audio takes some 7 ms to convert, during which no other stream of the thread is read, and 1 ms to recognise; requests of the
 * same audio share their bytes.
 */
export class RecentMessages {
  readonly #made = new Map<string, AudioMessages>(); // least recently used first
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /**
   * The messages of an item; made when its audio was not there lately.
   *
   * @param encoding - What besides the bytes decides how they are read.
   */
  of(bytes: Uint8Array, encoding: string, make: () => AudioMessages): AudioMessages {
    const key = `${createHash("sha256").update(bytes).digest("base64")} ${encoding}`;
    const known = this.#made.get(key);
    if (known !== undefined) {
      this.#made.delete(key); // comes to the end of the order
      this.#made.set(key, known);
      return known;
    }
    const made = make();
    this.#made.set(key, made);
    this.#bytes += made.messages.bytes;
    this.#forget();
    return made;
  }

  #forget(): void {
    for (const [key, { messages }] of this.#made) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#made.delete(key);
      this.#bytes -= messages.bytes;
    }
  }
}
