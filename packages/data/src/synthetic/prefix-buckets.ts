import { seededRandom } from "../seeded-random.js";
import type { PromptWriter } from "./prompt-writer.js";

/** A group of shared prefixes. */
export interface PrefixBucket {
  /** Share of the bucket relative to the sum of all weights. */
  readonly bucket_weight: number;
  /** Different prefixes in the bucket. */
  readonly prefix_count: number;
  /** Tokens of each prefix; 0 is no prefix. */
  readonly prefix_tokens: number;
}

/** Prefixes of one source; the same in every epoch, so that caches stay as warm as the user asked for. */
export class PrefixBuckets {
  readonly #buckets: readonly PrefixBucket[];
  readonly #texts: readonly (readonly string[])[];
  readonly #totalWeight: number;

  constructor(buckets: readonly PrefixBucket[], writer: PromptWriter, seed: number | string) {
    this.#buckets = buckets;
    this.#totalWeight = buckets.reduce((sum, bucket) => sum + bucket.bucket_weight, 0);
    this.#texts = buckets.map((bucket, at) =>
      Array.from({ length: bucket.prefix_count }, (_, number) => {
        return writer.write(bucket.prefix_tokens, "", seededRandom(seed, "prefix", at, number)).text;
      }),
    );
  }

  /** Prefix of a conversation: a bucket by weight, then any of its prefixes; empty for none. */
  choose(seed: number | string, epoch: number, conversation: number): string {
    const random = seededRandom(seed, "prefix-choice", epoch, conversation);
    let ticket = random.uniform() * this.#totalWeight;
    const at = this.#buckets.findIndex((bucket) => {
      ticket -= bucket.bucket_weight;
      return ticket < 0;
    });
    const texts = this.#texts[Math.max(0, at)] ?? [];
    return texts[random.below(texts.length)] ?? "";
  }
}
