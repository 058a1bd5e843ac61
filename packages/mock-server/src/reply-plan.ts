import { createLatencyDraw } from "./latency-model.js";
import type { MockServerOptions } from "./mock-server-options.js";
import { seededRandom } from "./seeded-random.js";

/** What a request says about the length of its reply. */
export interface LengthLimits {
  /** Most tokens; null: no limit. */
  readonly maxTokens: number | null;
  /** Fewest tokens; 0: no limit. */
  readonly minTokens: number;
  /** The reply is exactly as long as the limit. */
  readonly ignoreEos: boolean;
}

/** One event of a reply: how many tokens it holds and when it is due. */
export interface PlannedChunk {
  readonly firstToken: number;
  readonly tokens: number;
  /** Nanoseconds from the arrival to the instant at which the last of its tokens is due. */
  readonly offsetNs: number;
}

/** All that is drawn for one request, before its reply begins. */
export interface ReplyPlan {
  readonly outputTokens: number;
  readonly finishReason: "stop" | "length";
  /** At least one. */
  readonly chunks: readonly PlannedChunk[];
}

/**
 * Draws the plan of a request from the seed and its ordinal: the same options, ordinal and limits give the same plan.
 * Times are offsets from the arrival, so they never drift.
 */
export function planReply(options: MockServerOptions, ordinal: number, limits: LengthLimits): ReplyPlan {
  const outputTokens = drawLength(options, ordinal, limits);
  const chunks = planChunks(options, ordinal, outputTokens);
  return {
    outputTokens,
    finishReason: outputTokens === limits.maxTokens ? "length" : "stop",
    chunks,
  };
}

function drawLength(options: MockServerOptions, ordinal: number, limits: LengthLimits): number {
  const { maxTokens, minTokens, ignoreEos } = limits;
  if (ignoreEos && maxTokens !== null) return maxTokens;
  const normal = options.output_tokens_std === 0 ? 0 : seededRandom(options.seed, ordinal, "length").normal();
  const drawn = Math.round(options.output_tokens + options.output_tokens_std * normal);
  return Math.min(Math.max(1, minTokens, drawn), maxTokens ?? Number.POSITIVE_INFINITY);
}

function planChunks(options: MockServerOptions, ordinal: number, outputTokens: number): PlannedChunk[] {
  const random = seededRandom(options.seed, ordinal, "latency");
  const model = options.latency_model;
  const ttft = { mean: options.ttft_ms, standardDeviation: options.ttft_ms_std };
  const itl = { mean: options.itl_ms, standardDeviation: options.itl_ms_std };
  let offsetMs = createLatencyDraw(model, ttft, random)();
  const drawGapMs = createLatencyDraw(model, itl, random);
  const chunks: PlannedChunk[] = [{ firstToken: 0, tokens: 1, offsetNs: offsetMs * 1e6 }];
  for (let firstToken = 1; firstToken < outputTokens; ) {
    const tokens = Math.min(options.tokens_per_chunk, outputTokens - firstToken);
    for (let token = 0; token < tokens; token += 1) offsetMs += drawGapMs();
    chunks.push({ firstToken, tokens, offsetNs: offsetMs * 1e6 });
    firstToken += tokens;
  }
  return chunks;
}
