/**
 * Share of one worker when `slots` are split evenly; the first workers take the remainder (25 over 10 is
 * 3, 3, 3, 3, 3, 2, 2, 2, 2, 2).
 */
export function slotsOf(worker: number, workers: number, slots: number): number {
  return Math.floor(slots / workers) + (worker < slots % workers ? 1 : 0);
}
