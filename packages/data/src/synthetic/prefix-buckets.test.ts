import { createTokenizer } from "@core/tokenizer";
import { describe, expect, test } from "@jest/globals";
import { PrefixBuckets } from "./prefix-buckets.js";
import { PromptWriter } from "./prompt-writer.js";

const tokenizer = await createTokenizer({ kind: "builtin" });
const writer = new PromptWriter(tokenizer);
const bucket = (bucket_weight: number, prefix_count: number, prefix_tokens: number) => {
  return { bucket_weight, prefix_count, prefix_tokens };
};

function chosen(buckets: PrefixBuckets, count: number, epoch = 0): string[] {
  return Array.from({ length: count }, (_, index) => buckets.choose(1, epoch, index));
}

describe("PrefixBuckets", () => {
  test("buckets are chosen by weight, prefixes within one alike", () => {
    const count = 20_000;
    const texts = chosen(new PrefixBuckets([bucket(60, 10, 20), bucket(40, 1, 30)], writer, 1), count);
    const counts = new Map<string, number>();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    expect(counts.size).toBe(11);
    for (const [text, times] of counts) {
      const share = tokenizer.count(text) === 30 ? 0.4 : 0.06;
      expect(Math.abs(times / count - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / count));
    }
  });

  test("every prefix has exactly its tokens", () => {
    for (const tokens of [1, 5, 100, 1000]) {
      for (const text of new Set(chosen(new PrefixBuckets([bucket(1, 5, tokens)], writer, 1), 50))) {
        expect(tokenizer.encode(text)).toHaveLength(tokens);
      }
    }
  });

  test("the prefixes stay the same in every epoch, the choice does not", () => {
    const buckets = new PrefixBuckets([bucket(1, 4, 10)], writer, 1);
    expect(new Set(chosen(buckets, 100, 0))).toEqual(new Set(chosen(buckets, 100, 7)));
    expect(chosen(buckets, 100, 0)).not.toEqual(chosen(buckets, 100, 7));
    expect(chosen(buckets, 100, 0)).toEqual(chosen(new PrefixBuckets([bucket(1, 4, 10)], writer, 1), 100, 0));
  });

  test("another seed has other prefixes", () => {
    const [one, other] = [1, 2].map((seed) => new PrefixBuckets([bucket(1, 1, 10)], writer, seed).choose(1, 0, 0));
    expect(one).not.toBe(other);
  });

  test("no tokens are no prefix, for the share of the bucket", () => {
    const texts = chosen(new PrefixBuckets([bucket(1, 1, 0), bucket(1, 1, 8)], writer, 1), 2000);
    const empty = texts.filter((text) => text === "").length;
    expect(Math.abs(empty - 1000)).toBeLessThan(4 * Math.sqrt(500));
  });
});
