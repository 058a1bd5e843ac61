import type { MessagePort } from "node:worker_threads";
import { DataError } from "../errors.js";
import type { NumberedGraph } from "../pipeline.js";
import type { Demand, Supply } from "./messages.js";
import { fromDataWireError } from "./wire-error.js";
import { type WireGraph, WireGraphReader } from "./wire-graph.js";

const DEFAULT_HIGH_WATER = 64;

/** A request worker's end of the data: conversations arrive ahead of need, up to a bound. */
export class GraphFeed {
  readonly #port: MessagePort;
  readonly #highWater: number;
  readonly #reader = new WireGraphReader();
  #epoch = -1;
  #items: WireGraph[] = [];
  #outstanding = 0;
  #exhausted = false;
  #error: Error | null = null;
  #closed: Error | null = null;
  #waiting: { resolve(item: NumberedGraph | null): void; reject(error: Error): void } | null = null;

  /**
   * @param port - One end of a channel whose other end was given to {@link DataWorker.connect}.
   * @param highWater - Most conversations held here.
   */
  constructor(port: MessagePort, highWater: number = DEFAULT_HIGH_WATER) {
    this.#port = port;
    this.#highWater = highWater;
    port.on("message", (supply: Supply) => this.#receive(supply));
    port.on("close", () => this.#closedByOther());
    port.unref();
  }

  /** Starts over with another pass; what is left of the earlier one is dropped. */
  begin(epoch: number): void {
    this.#epoch = epoch;
    this.#items = [];
    this.#outstanding = 0;
    this.#exhausted = false;
    this.#error = this.#closed;
    this.#demand();
  }

  /** The next conversation if it is here; null when it is not, and at the end. */
  tryNext(): NumberedGraph | null {
    const item = this.#items.shift();
    if (item === undefined) return null;
    this.#demand();
    return this.#reader.read(item); // not before it is used: it is then still young garbage
  }

  /** The next conversation; null at the end. Rejects with the data's error, or CORE_DATA_WORKER_DIED. Never called twice at once. */
  next(): Promise<NumberedGraph | null> {
    const item = this.tryNext();
    if (item !== null) return Promise.resolve(item);
    if (this.#error !== null) return Promise.reject(this.#error);
    if (this.#exhausted) return Promise.resolve(null);
    this.#port.ref();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** Gives the channel up. */
  close(): void {
    this.#port.close();
  }

  #demand(): void {
    const missing = this.#highWater - this.#items.length - this.#outstanding;
    if (this.#exhausted || missing < this.#highWater / 2) return;
    this.#outstanding += missing;
    this.#port.postMessage({ epoch: this.#epoch, count: missing } satisfies Demand);
  }

  #receive(supply: Supply): void {
    if (supply.epoch !== this.#epoch) return;
    this.#items.push(...supply.items);
    this.#outstanding -= supply.items.length;
    this.#exhausted ||= supply.exhausted;
    if (supply.error !== null) this.#error = fromDataWireError(supply.error);
    this.#settle();
  }

  /** The data thread is gone. */
  #closedByOther(): void {
    this.#closed = new DataError("The thread that produces the data ended.", { code: "CORE_DATA_WORKER_DIED" });
    if (!this.#exhausted) this.#error ??= this.#closed;
    this.#settle();
  }

  #settle(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    const item = this.tryNext();
    if (item === null && !this.#exhausted && this.#error === null) return;
    this.#waiting = null;
    this.#port.unref();
    if (item === null && this.#error !== null) waiting.reject(this.#error);
    else waiting.resolve(item);
  }
}
