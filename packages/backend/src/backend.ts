import type { EngineCounters } from "./engine-counters.js";
import { BackendError } from "./errors.js";
import type { GenerationRequest, HistoryTurn, PreparedRequest } from "./request.js";
import type { ResolveContext, ResolveEvent } from "./resolve-event.js";

const BRAND = Symbol.for("core.backend/v1");

/** What every backend's args have in common. */
export interface BackendArgs {
  readonly kind: string;
}

/** Upper bounds that a backend sets; null is unlimited. */
export interface BackendLimits {
  /** Most worker threads that may hold an instance. */
  readonly workers: number | null;
  /** Most requests in flight over all workers. */
  readonly requests: number | null;
}

/**
 * A way to ask a model. One instance serves one thread: created from args, started, asked, shut down. Several requests
 * are in flight at once. `instanceof Backend` works across physical copies of this package.
 *
 * Life cycle: main thread `startup → validate → defaultModel → shutdown`; each worker
 * `startup → warm → (prepare → resolve)* → shutdown`. After `shutdown` it may be started again.
 */
export abstract class Backend<A extends BackendArgs = BackendArgs> {
  readonly [BRAND] = true;
  /** The whole configuration of this backend. */
  readonly args: A;
  #state: "stopped" | "starting" | "started" = "stopped";

  constructor(args: A) {
    this.args = args;
  }

  /** Tells whether `value` is a backend of any copy of this package. */
  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }

  /** Name under which the backend is registered. */
  get kind(): string {
    return this.args.kind;
  }

  /** JSON-safe copy of the args for reports; secrets masked or as references. */
  get info(): unknown {
    return JSON.parse(JSON.stringify(this.args));
  }

  /** The args with what `validate` and `defaultModel` found out, for the instances of the workers. */
  get resolvedArgs(): A {
    return this.args;
  }

  /**
   * False when starting is too costly to do once more for a check (an engine that loads a model): the main thread then
   * only calls {@link defaultModel}, which must answer from the args, and the workers start and validate.
   */
  get startsInParent(): boolean {
    return true;
  }

  /** Bounds on workers and concurrency. */
  limits(): BackendLimits {
    return { workers: null, requests: null };
  }

  /**
   * Acquires what the backend needs (pools, processes). After a failure it may be called again.
   *
   * @throws {BackendError} CORE_BACKEND_ALREADY_STARTED.
   */
  async startup(): Promise<void> {
    if (this.#state !== "stopped") {
      throw new BackendError(`The backend ${this.kind} is already started.`, { code: "CORE_BACKEND_ALREADY_STARTED" });
    }
    this.#state = "starting";
    try {
      await this.start();
      this.#state = "started";
    } finally {
      if (this.#state === "starting") this.#state = "stopped";
    }
  }

  /** Releases everything and returns to the initial state. Does nothing when not started. */
  async shutdown(): Promise<void> {
    if (this.#state !== "started") return;
    this.#state = "stopped";
    await this.stop();
  }

  /**
   * Checks that requests can be served; the message of the error says what to change.
   *
   * @throws {BackendError} CORE_BACKEND_NOT_STARTED, CORE_BACKEND_UNREACHABLE.
   */
  abstract validate(): Promise<void>;

  /** Names of the models on offer. @throws {BackendError} CORE_BACKEND_NOT_STARTED. */
  abstract models(): Promise<readonly string[]>;

  /** The configured model, else the first on offer. @throws {BackendError} CORE_BACKEND_NO_MODEL. */
  abstract defaultModel(): Promise<string>;

  /**
   * Totals of the engine that belongs to this instance alone, read before and after each run; null when there is none, or
   * when it does not tell. Must answer soon, also when the engine is dead. Optional.
   */
  async engineCounters(): Promise<EngineCounters | null> {
    return null;
  }

  /** Opens up to `connections` connections ahead of the first intended instant. Optional. */
  async warm(_connections: number): Promise<void> {}

  /**
   * Makes a request ready to be written. Synchronous, called before the intended instant, touches no network.
   *
   * @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST when the request lacks what it needs; it is then recorded as
   * errored.
   */
  abstract prepare(request: GenerationRequest, history: readonly HistoryTurn[] | null): PreparedRequest;

  /**
   * Serves one prepared request: at most one `first-token`, then exactly one terminal event. A failed request is an
   * event, not an exception; a thrown error is a bug of the backend, save CORE_BACKEND_NOT_STARTED. After an abort the
   * iterable must end soon.
   */
  abstract resolve(prepared: PreparedRequest, context: ResolveContext): AsyncIterable<ResolveEvent>;

  /** Acquires resources; called by {@link startup}. Heavy modules are imported here. When it fails it leaves nothing open. */
  protected abstract start(): Promise<void>;

  /** Releases resources; called by {@link shutdown}. */
  protected abstract stop(): Promise<void>;

  /** @throws {BackendError} CORE_BACKEND_NOT_STARTED, naming the caller. */
  protected assertStarted(caller: string): void {
    if (this.#state === "started") return;
    throw new BackendError(`${caller} was called before startup of the backend ${this.kind}.`, {
      code: "CORE_BACKEND_NOT_STARTED",
    });
  }
}
