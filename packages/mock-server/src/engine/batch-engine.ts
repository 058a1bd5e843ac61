import { createLatencyDraw } from "../latency-model.js";
import type { MockServerOptions } from "../mock-server-options.js";
import { seededRandom } from "../seeded-random.js";
import type { ServerTime } from "../server-time.js";
import type { WriteSchedule } from "../write-schedule.js";

/** A sequence of the batch. */
export interface Sequence {
  /** When it may enter, nanoseconds of the clock. */
  readonly readyNs: number;
  /** Prompt tokens to be computed; those in the prefix cache are not. */
  readonly prefillTokens: number;
  /** Tokens to be made, at least one. */
  readonly outputTokens: number;
  /** Told of each token at the end of the iteration that made it. */
  readonly onToken: (token: number, atNs: number) => void;
}

interface Member {
  readonly sequence: Sequence;
  prefillLeft: number;
  made: number;
  left: boolean;
}

/**
 * The engine of a server with continuous batching: one iteration after the other, each makes one token of every sequence
 * in the batch. Sequences enter between two iterations; their prompts are computed within iterations, which take longer
 * by that, so that prefill holds up the tokens of all others. The first token comes at the end of the iteration with the
 * last part of the prompt. An iteration of n sequences takes `itl_ms` (drawn) + (n − 1) · `itl_ms_per_sequence` +
 * `prefill_ms_per_token` for each prompt token of it, of which there are at most `prefill_chunk_tokens`.
 *
 * With B sequences of P prompt and N output tokens always in the batch it therefore makes
 * B / (N · (itl + (B − 1) · itlPerSequence) + B · P · prefillPerToken) requests a second.
 *
 * Instants are planned, not measured: a late event loop is caught up and nothing drifts.
 */
export class BatchEngine {
  readonly #options: MockServerOptions;
  readonly #schedule: WriteSchedule;
  readonly #time: ServerTime;
  readonly #waiting = new Set<Member>();
  readonly #batch = new Set<Member>();
  #drawMs: () => number;
  /** Whether an iteration is running. */
  #isBusy = false;
  /** The end of an iteration whose tokens are being handed out. */
  #boundaryNs: number | null = null;

  constructor(
    options: MockServerOptions,
    { schedule, time }: { readonly schedule: WriteSchedule; readonly time: ServerTime },
  ) {
    this.#options = options;
    this.#schedule = schedule;
    this.#time = time;
    this.#drawMs = drawOf(options);
  }

  /** The instant from which a request that is let in now counts: what a token lets in follows it at once. */
  nowOr(admittedNs: number): number {
    return this.#boundaryNs ?? admittedNs;
  }

  /** Adds a sequence. @returns What takes it out; does nothing once it has all its tokens. */
  join(sequence: Sequence): () => void {
    const member: Member = { sequence, prefillLeft: sequence.prefillTokens, made: 0, left: false };
    this.#waiting.add(member);
    this.#schedule.at(sequence.readyNs, () => {
      if (!this.#isBusy) this.#begin(sequence.readyNs);
    });
    return () => {
      member.left = true;
      this.#waiting.delete(member);
      this.#batch.delete(member);
    };
  }

  /** Starts again with the first draw of the seed. */
  reset(): void {
    this.#drawMs = drawOf(this.#options);
  }

  #begin(startNs: number): void {
    for (const member of this.#waiting) {
      if (member.sequence.readyNs > startNs) continue;
      this.#waiting.delete(member);
      this.#batch.add(member);
    }
    this.#isBusy = this.#batch.size > 0;
    if (!this.#isBusy) return;
    const { itl_ms_per_sequence, prefill_ms_per_token } = this.#options;
    const members = [...this.#batch];
    const others = (members.length - 1) * itl_ms_per_sequence;
    const lengthMs = this.#drawMs() + others + this.#prefill(members) * prefill_ms_per_token;
    const endNs = this.#time.after(startNs, lengthMs * 1e6);
    this.#schedule.at(endNs, () => this.#end(members, endNs));
  }

  /** Computes what of the prompts has room in an iteration. @returns Its tokens. */
  #prefill(members: readonly Member[]): number {
    let room = this.#options.prefill_chunk_tokens ?? Number.POSITIVE_INFINITY;
    let computed = 0;
    for (const member of members) {
      const part = Math.min(member.prefillLeft, room);
      member.prefillLeft -= part;
      room -= part;
      computed += part;
    }
    return computed;
  }

  #end(members: readonly Member[], endNs: number): void {
    this.#boundaryNs = endNs;
    for (const member of members) {
      if (member.left || member.prefillLeft > 0) continue;
      const token = member.made;
      member.made += 1;
      if (member.made === member.sequence.outputTokens) this.#batch.delete(member);
      member.sequence.onToken(token, endNs);
    }
    this.#boundaryNs = null;
    this.#begin(endNs);
  }
}

function drawOf({ latency_model, itl_ms, itl_ms_std, seed }: MockServerOptions): () => number {
  return createLatencyDraw(
    latency_model,
    { mean: itl_ms, standardDeviation: itl_ms_std },
    seededRandom(seed, "engine"),
  );
}
