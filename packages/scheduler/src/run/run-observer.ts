import { RECORD_STATUS, type RecordTable } from "@core/metrics";
import type { EndedRequest, FirstToken, RunObservation } from "../constraint/constraint.js";
import type { ControlBlock } from "../control/control-block.js";

/** Gathers what constraints that watch a run are told: each end and each first token once. */
export class RunObserver {
  readonly #table: RecordTable;
  /** Requests in flight whose first tokens are known already, by index. */
  readonly #told = new Set<number>();
  #firstTokens: FirstToken[] = [];
  #row = 0;

  constructor(table: RecordTable) {
    this.#table = table;
  }

  /** Takes index, send and first token of requests in flight, in nanoseconds. */
  tell(triples: Float64Array): void {
    for (let at = 0; at + 2 < triples.length; at += 3) {
      this.#told.add(triples[at] ?? Number.NaN);
      this.#addFirstToken(triples[at + 1] ?? Number.NaN, triples[at + 2] ?? Number.NaN);
    }
  }

  /** What has happened since the last call. */
  observe(
    control: ControlBlock,
    run: Pick<RunObservation, "openLoop" | "expected"> & { readonly startNs: number; readonly nowNs: number },
  ): RunObservation {
    const { openLoop, expected, startNs, nowNs } = run;
    const { issued, errored, inFlight } = control.counts();
    const ended = this.#takeEnded();
    const firstTokens = this.#firstTokens.sort((one, other) => one.atNs - other.atNs);
    this.#firstTokens = [];
    return {
      counts: { created: issued, processed: issued - inFlight, errored, startNs, nowNs },
      openLoop,
      expected,
      inFlight,
      waiting: Math.min(control.waiting, inFlight), // looked at some time ago
      ended,
      firstTokens,
    };
  }

  #takeEnded(): readonly EndedRequest[] {
    const ended: EndedRequest[] = [];
    for (; this.#row < this.#table.count; this.#row += 1) {
      const value = (field: Parameters<RecordTable["get"]>[1]): number => this.#table.get(this.#row, field);
      const endNs = value("end_ns");
      const atNs = Number.isNaN(endNs) ? value("resolve_end_ns") : endNs;
      const status = value("status");
      ended.push({ atNs, failed: status === RECORD_STATUS.errored });
      const isKnown = this.#told.delete(value("index"));
      if (!isKnown && status === RECORD_STATUS.completed) {
        this.#addFirstToken(value("send_ns"), value("first_token_ns"));
      }
    }
    return ended.sort((one, other) => one.atNs - other.atNs);
  }

  #addFirstToken(sendNs: number, atNs: number): void {
    if (!Number.isNaN(atNs - sendNs)) this.#firstTokens.push({ atNs, ttftSeconds: (atNs - sendNs) / 1e9 });
  }
}
