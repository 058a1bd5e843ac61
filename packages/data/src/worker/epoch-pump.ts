import type { MessagePort } from "node:worker_threads";
import type { DataPipeline, NumberedGraph } from "../pipeline.js";
import type { DataWireError, Demand, Distribution, EpochReport, Supply } from "./messages.js";
import { toDataWireError } from "./wire-error.js";
import { toWire, type WireGraph } from "./wire-graph.js";

const SLICE_MS = 5;
const MOST_DELAYS = 10_000;

/** A request worker as the data worker sees it. */
export interface Consumer {
  readonly port: MessagePort;
  /** Conversations asked for and not sent. */
  credit: number;
  /** Conversations made for it beyond its credit. */
  readonly held: NumberedGraph[];
}

/** Produces one pass over the data as long as somebody asks, a few milliseconds at a time. */
export class EpochPump {
  readonly #pipeline: DataPipeline;
  readonly #epoch: number;
  readonly #distribution: Distribution;
  readonly #consumers: readonly Consumer[];
  readonly #graphs: Iterator<NumberedGraph, void, undefined>;
  readonly #delaysSeconds: number[] = [];
  #generated = 0;
  #finished = false;
  #error: DataWireError | null = null;
  #scheduled = false;
  #stopped = false;

  constructor(pipeline: DataPipeline, epoch: number, distribution: Distribution, consumers: readonly Consumer[]) {
    this.#pipeline = pipeline;
    this.#epoch = epoch;
    this.#distribution = distribution;
    this.#consumers = consumers;
    this.#graphs = pipeline.open(epoch)[Symbol.iterator]();
    for (const consumer of consumers) {
      consumer.credit = 0;
      consumer.held.length = 0;
    }
  }

  /** A request worker asks for more. */
  demand(consumer: Consumer, demand: Demand): void {
    if (demand.epoch !== this.#epoch || this.#stopped) return;
    consumer.credit += demand.count;
    this.#schedule();
  }

  /** Ends the pass. */
  stop(): EpochReport {
    this.#stopped = true;
    const { skippedRows, classNames } = this.#pipeline;
    return { generated: this.#generated, skippedRows, generationDelaysSeconds: this.#delaysSeconds, classNames };
  }

  #schedule(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#stopped) return;
    const until = performance.now() + SLICE_MS;
    const batches = new Map<Consumer, WireGraph[]>();
    for (const consumer of this.#consumers) this.#takeHeld(consumer, batches);
    while (!this.#finished && performance.now() < until) {
      if (!this.#wanted()) break;
      this.#produce(batches);
    }
    this.#send(batches);
    if (!this.#finished && this.#wanted()) this.#schedule();
  }

  /** Whether somebody waits for a conversation that is not made yet and may be made. */
  #wanted(): boolean {
    return (
      this.#consumers.some((consumer) => consumer.credit > 0) &&
      this.#consumers.every(({ held }) => held.length < this.#pipeline.prefetch)
    );
  }

  #produce(batches: Map<Consumer, WireGraph[]>): void {
    const began = performance.now();
    let item: NumberedGraph | null = null;
    try {
      const next = this.#graphs.next();
      if (next.done === true) this.#finished = true;
      else item = next.value;
    } catch (error) {
      this.#finished = true;
      this.#error = toDataWireError(error);
    }
    if (item === null) return;
    this.#generated += 1;
    if (this.#delaysSeconds.length < MOST_DELAYS) this.#delaysSeconds.push((performance.now() - began) / 1000);
    const consumer = this.#receiver(item.index);
    if (consumer.credit > 0) add(batches, consumer, item);
    else consumer.held.push(item);
  }

  #receiver(index: number): Consumer {
    const at = this.#distribution.mode === "slice" ? index % this.#distribution.workers : this.#neediest();
    const consumer = this.#consumers[at];
    if (consumer === undefined) throw new Error(`there is no consumer ${at}`);
    return consumer;
  }

  #neediest(): number {
    let best = 0;
    for (const [at, consumer] of this.#consumers.entries()) {
      if (consumer.credit > (this.#consumers[best]?.credit ?? 0)) best = at;
    }
    return best;
  }

  #takeHeld(consumer: Consumer, batches: Map<Consumer, WireGraph[]>): void {
    while (consumer.credit > 0) {
      const item = consumer.held.shift();
      if (item === undefined) return;
      add(batches, consumer, item);
    }
  }

  #send(batches: ReadonlyMap<Consumer, readonly WireGraph[]>): void {
    for (const consumer of this.#consumers) {
      const items = batches.get(consumer) ?? [];
      const exhausted = this.#finished && consumer.held.length === 0;
      if (items.length === 0 && !exhausted) continue;
      const error = exhausted ? this.#error : null;
      consumer.port.postMessage({ epoch: this.#epoch, items, exhausted, error } satisfies Supply);
    }
  }
}

function add(batches: Map<Consumer, WireGraph[]>, consumer: Consumer, item: NumberedGraph): void {
  consumer.credit -= 1;
  const batch = batches.get(consumer);
  if (batch === undefined) batches.set(consumer, [toWire(item)]);
  else batch.push(toWire(item));
}
