/** Instants of which the earliest is taken first: a binary heap. */
export interface Earliest {
  readonly size: number;
  add(instant: number): void;
  /** The earliest, which goes; 0 when there is none. */
  take(): number;
}

/** No instants yet. */
export function earliestOf(): Earliest {
  const heap: number[] = [];
  return {
    get size() {
      return heap.length;
    },
    add(instant) {
      let at = heap.length;
      for (let above = (at - 1) >> 1; at > 0 && (heap[above] ?? 0) > instant; above = (at - 1) >> 1) {
        heap[at] = heap[above] ?? 0;
        at = above;
      }
      heap[at] = instant;
    },
    take() {
      const earliest = heap[0] ?? 0;
      const moved = heap.pop() ?? 0;
      if (heap.length === 0) return earliest;
      let at = 0;
      for (let below = 1; below < heap.length; below = 2 * at + 1) {
        if (below + 1 < heap.length && (heap[below + 1] ?? 0) < (heap[below] ?? 0)) below += 1;
        if ((heap[below] ?? 0) >= moved) break;
        heap[at] = heap[below] ?? 0;
        at = below;
      }
      heap[at] = moved;
      return earliest;
    },
  };
}
