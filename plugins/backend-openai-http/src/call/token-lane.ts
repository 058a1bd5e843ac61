import { type Clock, type RequestTimings, type StampRoom, TextMeter } from "@core/backend";
import { addSpan } from "../api/arriving-text.js";
import type { ResponseReader } from "../api/response-reader.js";
import type { EventLane } from "../transport/transport.js";
import type { EventTemplate } from "./event-template.js";

/** Counts of a running usage that are followed here: those of the prompt, of the answer, and of both. */
const MOST_COUNTS = 3;

/**
 * The lane of a response whose events are all like the last one: each is stamped and counted here alone. What they come to is
 * told when it is closed; until then the timings and the reader of the response know nothing of them.
 *
 * Perf: recording each event where it belongs (call, timings, reader, text) touches a dozen cache lines; with 1,000 streams
 * these are fetched anew for each token. Here it is this object and the place of the stamp.
 */
export class TokenLane extends TextMeter implements EventLane {
  // Perf: what each token touches comes first, behind what the meter has
  #template: EventTemplate | null = null;
  #next = 0;
  #end = 0;
  #bytes = 0;
  #stamps: Float64Array;
  readonly clock: Clock;
  #counts = 0;
  #count0 = 0;
  #count1 = 0;
  #count2 = 0;
  #start = 0;
  #meter: TextMeter | null = null;
  readonly #timings: RequestTimings;
  readonly #reader: ResponseReader;

  constructor(timings: RequestTimings, reader: ResponseReader, clock: Clock) {
    super();
    this.#stamps = timings.stampRoom.stamps;
    this.clock = clock;
    this.#timings = timings;
    this.#reader = reader;
  }

  /** Begins to take events like `template`, the one that was read last. @returns False when they have to be read one by one. */
  open(template: EventTemplate): boolean {
    const meter = template.counts <= MOST_COUNTS ? (this.#reader.meterOf?.(template.simple) ?? null) : null;
    if (meter === null || this.#timings.tokenIterations === 0) return false;
    const { stamps, end }: StampRoom = this.#timings.stampRoom;
    this.follow(meter);
    this.#template = template;
    this.#stamps = stamps;
    this.#start = this.#timings.nextStamp;
    this.#next = this.#start;
    this.#end = end;
    this.#bytes = 0;
    this.#counts = template.counts;
    this.#meter = meter;
    return true;
  }

  eventLike(bytes: Buffer, start: number, end: number, atNs: number): boolean {
    const template = this.#template;
    const at = this.#next;
    if (template === null || at === this.#end || !template.matchesFrame(bytes, start, end)) return false;
    this.#stamps[at] = atNs;
    this.#next = at + 1;
    this.#bytes += end - start;
    addSpan(this, template);
    if (this.#counts > 0) this.#note(template);
    return true;
  }

  /** Instant of the latest token. */
  get lastTokenNs(): number {
    return this.#next > this.#start ? (this.#stamps[this.#next - 1] as number) : this.#timings.lastTokenNs;
  }

  /** Takes no more events, and tells what those that it took came to. */
  close(): void {
    const template = this.#template;
    this.#template = null;
    if (template === null || this.#next === this.#start) return;
    this.#timings.stamped(this.#next - this.#start);
    this.#timings.responseBytes += this.#bytes;
    this.#meter?.follow(this);
    const numbers = [this.#count0, this.#count1, this.#count2].slice(0, this.#counts);
    if (this.#counts > 0) this.#reader.readNumbers?.(template.simple, numbers);
  }

  #note(template: EventTemplate): void {
    this.#count0 = template.number(0);
    if (this.#counts > 1) this.#count1 = template.number(1);
    if (this.#counts > 2) this.#count2 = template.number(2);
  }
}
