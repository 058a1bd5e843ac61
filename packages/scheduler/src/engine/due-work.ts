import type { Work } from "./work-queue.js";

/** A request that waits for its time: it holds no place among those in flight and no instant of a schedule. */
export interface DueWork {
  readonly work: Work;
  readonly dueNs: number;
  /** Stream that its conversation belongs to; null when it belongs to none. */
  readonly stream: number | null;
}
