/** Stamps in one page: half a megabyte. */
const PAGE_STAMPS = 64 * 1024;

/** A part of a page: `stamps[start, end)`. */
export interface StampRoom {
  readonly stamps: Float64Array;
  readonly start: number;
  readonly end: number;
}

/**
 * Memory for the stamps of many requests in flight, in pages that they share.
 *
 * Perf: an array of its own for each request has an object around it, whose memory is fetched anew for each token when
 * there are many streams; a page has one for all.
 */
export class StampMemory {
  readonly #pageStamps: number;
  readonly #free = new Map<number, StampRoom[]>();
  #page = new Float64Array(0);
  #used = 0;

  /** @param pageStamps - Stamps in one page; a room that is larger has a page of its own. */
  constructor(pageStamps: number = PAGE_STAMPS) {
    this.#pageStamps = pageStamps;
  }

  /** A room for `count` stamps, whatever they are. */
  take(count: number): StampRoom {
    const freed = this.#free.get(count)?.pop();
    if (freed !== undefined) return freed;
    if (count > this.#page.length - this.#used) {
      this.#page = new Float64Array(Math.max(count, this.#pageStamps));
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += count;
    return { stamps: this.#page, start, end: start + count };
  }

  /** Takes a room back, to be taken again. */
  giveBack(room: StampRoom): void {
    const count = room.end - room.start;
    const free = this.#free.get(count);
    if (free === undefined) this.#free.set(count, [room]);
    else free.push(room);
  }
}
