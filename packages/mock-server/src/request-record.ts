import type { ServerResponse } from "node:http";
import type { ReplyScope } from "./generation-reply.js";
import type { FinishedReason } from "./server-counters.js";
import type { OpenTruthEntry, RequestOutcome } from "./truth-log.js";

/** What is known of a request once it has been read. */
export interface ReadRequest {
  readonly path: string;
  readonly ordinal: number;
  readonly arrivalNs: number;
  readonly promptTokens: number;
}

/** What the server writes down about one accepted request, until it ends in one way. */
export class RequestRecord {
  readonly #scope: ReplyScope;
  readonly #arrivalNs: number;
  readonly #entry: OpenTruthEntry;

  /** Counts the request as running until {@link end} is called or the client leaves. */
  constructor(scope: ReplyScope, { path, ordinal, arrivalNs, promptTokens }: ReadRequest, response: ServerResponse) {
    this.#scope = scope;
    this.#arrivalNs = arrivalNs;
    this.#entry = {
      ...{ ordinal, arrivalNs, path, model: scope.options.model, promptTokens, outputTokens: 0, tokenWritesNs: [] },
      ...{ completed: false, outcome: "running", endNs: null },
    };
    scope.truth.add(this.#entry);
    scope.counters.running += 1;
    scope.counters.promptTokens += promptTokens;
    response.once("close", () => this.end("client_left", "abort"));
  }

  /** Runs `write` this long after the arrival, unless the request has ended by then. */
  at(offsetNs: number, write: () => void): void {
    this.#scope.schedule.at(this.#arrivalNs + offsetNs, () => {
      if (this.#entry.outcome === "running") write();
    });
  }

  /** Notes that tokens have been written just now. */
  wrote(tokens: number): void {
    this.#entry.tokenWritesNs.push(this.#scope.clock.nowNs());
    this.#entry.outputTokens += tokens;
    this.#scope.counters.generationTokens += tokens;
  }

  /** Fixes how the request ended; the first call counts. */
  end(outcome: Exclude<RequestOutcome, "running">, reason: FinishedReason): void {
    if (this.#entry.outcome !== "running") return;
    this.#entry.outcome = outcome;
    this.#entry.completed = outcome === "completed";
    this.#entry.endNs = this.#scope.clock.nowNs();
    this.#scope.counters.countEnd(reason);
  }
}
