import type { ReplyPlan } from "../reply-plan.js";
import type { RequestRecord } from "../request-record.js";
import type { BatchEngine } from "./batch-engine.js";
import type { ReplyPace } from "./reply-pace.js";

interface Wait {
  readonly laterNs: number;
  readonly write: () => void;
}

/** The chunks of a reply are due when the engine has made their last tokens. */
export class BatchPace implements ReplyPace {
  readonly #record: RequestRecord;
  readonly #plan: ReplyPlan;
  /** When each chunk was made. */
  readonly #madeNs: number[] = [];
  readonly #waits = new Map<number, Wait[]>();

  /** @param entry - When the sequence enters the batch after its request was let in, and how much of its prompt is new. */
  constructor(
    engine: BatchEngine,
    record: RequestRecord,
    plan: ReplyPlan,
    { delayNs, prefillTokens }: { readonly delayNs: number; readonly prefillTokens: number },
  ) {
    this.#record = record;
    this.#plan = plan;
    const leave = engine.join({
      readyNs: engine.nowOr(record.admittedNs) + delayNs,
      prefillTokens,
      outputTokens: plan.outputTokens,
      onToken: (token, atNs) => this.#make(token, atNs),
    });
    record.whenEnded(leave);
  }

  whenDue(chunk: number, laterNs: number, write: () => void): void {
    const index = Math.min(chunk, this.#plan.chunks.length - 1);
    const madeNs = this.#madeNs[index];
    if (madeNs !== undefined) this.#record.atInstant(madeNs + laterNs, write);
    else this.#waits.set(index, [...(this.#waits.get(index) ?? []), { laterNs, write }]);
  }

  #make(token: number, atNs: number): void {
    const index = this.#madeNs.length;
    const chunk = this.#plan.chunks[index];
    if (chunk === undefined || token + 1 < chunk.firstToken + chunk.tokens) return;
    this.#madeNs.push(atNs);
    const waits = this.#waits.get(index) ?? [];
    this.#waits.delete(index);
    for (const { laterNs, write } of waits) {
      if (laterNs > 0) this.#record.atInstant(atNs + laterNs, write);
      else if (this.#record.isRunning) write();
    }
  }
}
