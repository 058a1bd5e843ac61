import type { ReplyPlan } from "../reply-plan.js";
import type { RequestRecord } from "../request-record.js";

/** When the chunks of one reply are due. */
export interface ReplyPace {
  /**
   * Runs `write` when a chunk is due and `laterNs` have passed, unless the request has ended by then.
   *
   * @param chunk - Its index; past the last one: together with it.
   */
  whenDue(chunk: number, laterNs: number, write: () => void): void;
}

/** Each reply keeps its own times, whatever else the server does. @param delayNs - Added to all of them. */
export function ownPace(record: RequestRecord, { chunks }: ReplyPlan, delayNs: number): ReplyPace {
  return {
    whenDue(chunk, laterNs, write) {
      const { offsetNs } = chunks[Math.min(chunk, chunks.length - 1)] ?? { offsetNs: 0 };
      record.at(offsetNs + delayNs + laterNs, write);
    },
  };
}
