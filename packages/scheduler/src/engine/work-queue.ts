import type { Backend, Clock, PreparedRequest, RequestFailure } from "@core/backend";
import { CoreError } from "@core/registry";
import { Conversation } from "../conversation/conversation.js";
import type { GraphItem, GraphSource } from "./graph-source.js";
import type { Timers } from "./timers.js";

/** One node of a conversation, ready to be sent, or known to be unusable. */
export interface Work {
  readonly conversation: Conversation;
  readonly position: number;
  /** Null when it is unusable, and once it was given to the backend, unless its texts are kept. */
  prepared: PreparedRequest | null;
  readonly failure: RequestFailure | null;
  /** From when on it may be sent: end of the last parent plus think time; when it was read, for a node without parents. */
  readonly readyNs: number;
  /** The other nodes without parents, when this is the first of its conversation. */
  readonly alongside: readonly Work[];
}

/** No work. */
export const NO_WORK: readonly Work[] = Object.freeze([]);

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
 * Keeps the first requests of the next conversations ready, an entry for each conversation, so that at the intended
 * instant only bytes are written. Bodies are prepared between reads.
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
    const { backend } = this.#options;
    const { roots } = conversation.plan;
    const prepare = (position: number, alongside: readonly Work[]) =>
      prepareNode(backend, conversation, { position, readyNs: conversation.receivedNs, alongside });
    const others = roots.length === 1 ? NO_WORK : roots.slice(1).map((position) => prepare(position, NO_WORK));
    this.#ready.push(prepare(roots[0] ?? 0, others));
  }
}

/** Prepares a node. What the backend refuses becomes a failed request, not an exception. */
export function prepareNode(
  backend: Pick<Backend, "prepare">,
  conversation: Conversation,
  { position, readyNs, alongside }: Pick<Work, "position" | "readyNs" | "alongside">,
): Work {
  const { request } = conversation.node(position);
  try {
    const prepared = backend.prepare(request, conversation.history(position));
    return { conversation, position, prepared, failure: null, readyNs, alongside };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = CoreError.isInstance(error) ? error.code : "CORE_SCHEDULER_PREPARE_FAILED";
    const failure = { code, message, phase: "prepare" } as const;
    return { conversation, position, prepared: null, failure, readyNs, alongside };
  }
}
