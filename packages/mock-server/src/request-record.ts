import { type Failure, failureName } from "./failures/failure.js";
import type { ReplyScope } from "./generation-reply.js";
import type { FinishedReason } from "./server-counters.js";
import type { OpenTruthEntry, RequestOutcome } from "./truth-log.js";

/** What is known of a request once it has been read. */
export interface ReadRequest {
  readonly path: string;
  readonly ordinal: number;
  readonly arrivalNs: number;
  readonly promptTokens: number;
  /** Null where there is no cache. */
  readonly cachedTokens: number | null;
  readonly failure: Failure | null;
}

/** What the server writes down about one accepted request, until it ends in one way. */
export class RequestRecord {
  readonly #scope: ReplyScope;
  readonly #entry: OpenTruthEntry;
  readonly #atEnd: (() => void)[] = [];
  #lastTokenNs = 0;

  constructor(scope: ReplyScope, request: ReadRequest) {
    const { path, ordinal, arrivalNs, promptTokens, cachedTokens, failure } = request;
    this.#scope = scope;
    this.#entry = {
      ...{ ordinal, arrivalNs, path, model: scope.options.model, promptTokens, cachedTokens: cachedTokens ?? 0 },
      ...{ outputTokens: 0, tokenWritesNs: [] },
      ...{ admittedNs: null, completed: false, outcome: "running", endNs: null },
      failure: failure === null ? null : failureName(failure),
    };
    scope.truth.add(this.#entry);
    scope.open.add(this);
    scope.counters.promptTokens += promptTokens;
    if (cachedTokens !== null) scope.counters.prefixCache.queried += promptTokens;
    scope.counters.prefixCache.hit += cachedTokens ?? 0;
  }

  /** Whether it has not ended. */
  get isRunning(): boolean {
    return this.#entry.outcome === "running";
  }

  /** When it was let in; before that, when it arrived. */
  get admittedNs(): number {
    return this.#entry.admittedNs ?? this.#entry.arrivalNs;
  }

  /** Calls `callback` when it ends, in whichever way; now when it has. */
  whenEnded(callback: () => void): void {
    if (this.isRunning) this.#atEnd.push(callback);
    else callback();
  }

  /**
   * Calls `begin` now, or, when the request is one of those that `limited` bounds, when there is room for it.
   *
   * @throws {RequestRefusal} 503 when too many wait.
   */
  admit(limited: boolean, begin: () => void): void {
    const { clock, counters, admission } = this.#scope;
    const start = (atNs: number) => {
      if (this.#entry.outcome !== "running") return;
      this.#entry.admittedNs = atNs;
      counters.running += 1;
      begin();
    };
    if (!limited) {
      start(this.#entry.arrivalNs);
      return;
    }
    let isLate = false;
    try {
      const leave = admission.enter(() => start(isLate ? clock.nowNs() : this.#entry.arrivalNs));
      isLate = true;
      this.whenEnded(leave);
    } catch (error) {
      this.end("error", "error");
      throw error;
    }
  }

  /** Runs `write` after this much work since the request was let in, unless it has ended by then. */
  at(offsetNs: number, write: () => void): void {
    this.atInstant(this.#scope.incidents.time.after(this.admittedNs, offsetNs), write);
  }

  /** Runs `write` at an instant, unless the request has ended by then. */
  atInstant(dueNs: number, write: () => void): void {
    this.#scope.schedule.at(dueNs, () => {
      if (this.isRunning) write();
    });
  }

  /** Notes that tokens have been written just now. */
  wrote(tokens: number): void {
    const nowNs = this.#scope.clock.nowNs();
    const { counters } = this.#scope;
    if (this.#entry.tokenWritesNs.length === 0) counters.firstToken((nowNs - this.#entry.arrivalNs) / 1e9);
    else counters.gap((nowNs - this.#lastTokenNs) / 1e9);
    this.#lastTokenNs = nowNs;
    this.#entry.tokenWritesNs.push(nowNs);
    this.#entry.outputTokens += tokens;
    counters.generationTokens += tokens;
  }

  /** Ends the request because its connection is broken; the log gets `cause` as its failure. */
  breakBy(cause: string): void {
    this.#entry.failure = cause;
    this.end("cut", "error");
  }

  /** Fixes how the request ended; the first call counts. */
  end(outcome: Exclude<RequestOutcome, "running">, reason: FinishedReason): void {
    if (this.#entry.outcome !== "running") return;
    const { arrivalNs, admittedNs, promptTokens, outputTokens } = this.#entry;
    const endNs = this.#scope.clock.nowNs();
    this.#entry.outcome = outcome;
    this.#entry.completed = outcome === "completed";
    this.#entry.endNs = endNs;
    if (admittedNs !== null) this.#scope.counters.running -= 1;
    this.#scope.counters.ended(reason, {
      promptTokens,
      outputTokens,
      seconds: (endNs - arrivalNs) / 1e9,
      queuedSeconds: ((admittedNs ?? endNs) - arrivalNs) / 1e9,
    });
    this.#scope.open.delete(this);
    for (const callback of this.#atEnd) callback();
  }
}
