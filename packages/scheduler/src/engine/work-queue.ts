import type { Backend, Clock, PreparedRequest, RequestFailure } from "@core/backend";
import { CoreError } from "@core/registry";
import { Conversation } from "../conversation/conversation.js";
import type { GraphItem, GraphSource } from "./graph-source.js";
import type { Timers } from "./timers.js";

/** One node of a conversation, ready to be sent, or known to be unusable. */
export interface Work {
  readonly conversation: Conversation;
  readonly position: number;
  readonly prepared: PreparedRequest | null;
  readonly failure: RequestFailure | null;
}

/** What a {@link WorkQueue} needs. */
export interface WorkQueueOptions {
  readonly source: GraphSource;
  readonly backend: Pick<Backend, "prepare">;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Number of requests kept ready. */
  readonly target: number;
  /** Called when a request has become ready, or the source has ended. */
  readonly onChange: () => void;
  /** Called when the source or a conversation is unusable; the run cannot go on. */
  readonly onFailure: (error: unknown) => void;
}

/** Share of the target down to which making more gives way to ends and starts of requests. */
const RESERVE = 0.25;

/**
 * Keeps the first requests of the next conversations ready, so that at the intended instant only bytes are written. Bodies are
 * prepared between reads.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #ready: Work[] = [];
  #filling = false;
  #sourceEnded = false;
  #closed = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** Whether no request will become ready any more and none is left. */
  get exhausted(): boolean {
    return this.#sourceEnded && this.#ready.length === 0;
  }

  /** Whether it makes no sense to wait for more before starting. */
  get full(): boolean {
    return this.#sourceEnded || this.#ready.length >= this.#options.target;
  }

  /** Whether at least one request is ready. */
  get hasWork(): boolean {
    return this.#ready.length > 0;
  }

  /** Begins, or goes on, to make requests ready. */
  fill(): void {
    if (this.#filling || this.#closed || this.full) return;
    this.#filling = true;
    const { timers, target } = this.#options;
    if (this.#ready.length >= target * RESERVE) timers.idle(this.#fillOne);
    else timers.spare(this.#fillOne);
  }

  /** The next ready request; null when there is none now. */
  take(): Work | null {
    const work = this.#ready.shift() ?? null;
    this.fill();
    return work;
  }

  /** Puts back a request that was taken and not used. */
  putBack(work: Work): void {
    this.#ready.unshift(work);
  }

  /** Stops making requests ready and forgets those that are. */
  close(): void {
    this.#closed = true;
    this.#ready.length = 0;
  }

  readonly #fillOne = (): void => void this.#fetchOne();

  async #fetchOne(): Promise<void> {
    if (this.#closed) return;
    try {
      const item = this.#options.source.tryNext() ?? (await this.#options.source.next());
      if (this.#closed) return;
      this.#filling = false;
      if (item === null) this.#sourceEnded = true;
      else this.#accept(item);
    } catch (error) {
      this.#options.onFailure(error);
      return;
    }
    this.fill();
    this.#options.onChange();
  }

  #accept(item: GraphItem): void {
    const conversation = new Conversation(item.index, item.graph, this.#options.clock.nowNs());
    this.#ready.push(prepareNext(this.#options.backend, conversation));
  }
}

/** Prepares the node whose turn it is. What the backend refuses becomes a failed request, not an exception. */
export function prepareNext(backend: Pick<Backend, "prepare">, conversation: Conversation): Work {
  const position = conversation.position;
  if (position === null) throw new RangeError("the conversation is over");
  const { request } = conversation.node(position);
  try {
    const prepared = backend.prepare(request, conversation.history(position));
    return { conversation, position, prepared, failure: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = CoreError.isInstance(error) ? error.code : "CORE_SCHEDULER_PREPARE_FAILED";
    return { conversation, position, prepared: null, failure: { code, message, phase: "prepare" } };
  }
}
