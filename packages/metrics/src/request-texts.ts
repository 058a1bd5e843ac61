import type { GenerationRequest, GenerationResponse, RequestFailure } from "@core/backend";

/** What is known of a stored request besides its numbers. */
export interface RequestTexts {
  /** The field `index` of its record. */
  readonly index: number;
  readonly status: "completed" | "errored" | "cancelled";
  readonly conversationId: string;
  readonly nodeId: string;
  readonly agentId: string;
  readonly parentNodeIds: readonly string[];
  readonly historyLength: number;
  readonly settings: {
    readonly relativeTimestampSeconds: number | null;
    readonly requeueDelaySeconds: number | null;
    readonly traceDurationSeconds: number | null;
  };
  readonly request: GenerationRequest;
  readonly response: GenerationResponse | null;
  readonly failure: RequestFailure | null;
}

/**
 * Chooses which requests keep their texts in the report: all for null, none for 0 or less, else at most `sampleSize` of
 * each final state. The choice is even and depends on seed and request index only, so it is the same in whatever order
 * and from however many workers the requests come.
 *
 * @returns Kept requests in the order given.
 */
export function chooseStoredTexts<T extends Pick<RequestTexts, "index" | "status">>(
  texts: readonly T[],
  sampleSize: number | null,
  seed: number,
): readonly T[] {
  if (sampleSize === null) return texts;
  const kept = new Set<T>();
  for (const status of ["completed", "errored", "cancelled"] as const) {
    texts
      .filter((text) => text.status === status)
      .map((text) => ({ text, rank: hash(seed, text.index) }))
      .sort((left, right) => left.rank - right.rank || left.text.index - right.text.index)
      .slice(0, Math.max(0, sampleSize))
      .forEach(({ text }) => {
        kept.add(text);
      });
  }
  return texts.filter((text) => kept.has(text));
}

/** Mixes two integers to 32 evenly spread bits (the finaliser of MurmurHash3). */
function hash(seed: number, index: number): number {
  let bits = (Math.imul(index, 0x9e3779b1) ^ seed) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
