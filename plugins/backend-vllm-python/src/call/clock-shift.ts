import type { Clock } from "@core/backend";

const ROUNDS = 20;
const shifts = new WeakMap<Clock, { readonly epochNs: bigint; readonly shiftNs: number }>();

/**
 * What turns an instant of a session into one of a run's clock, in nanoseconds to add. Both tick from the same source;
 * the difference of their epochs is measured once per clock, by the round with the least delay between readings.
 */
export function clockShift(clock: Clock, epochNs: bigint): number {
  const known = shifts.get(clock);
  if (known?.epochNs === epochNs) return known.shiftNs;
  let best = { spanNs: Number.POSITIVE_INFINITY, shiftNs: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.hrtime.bigint();
    const middleNs = clock.nowNs();
    const after = process.hrtime.bigint();
    const spanNs = Number(after - before);
    if (spanNs < best.spanNs) best = { spanNs, shiftNs: middleNs - Number(before - epochNs) - spanNs / 2 };
  }
  shifts.set(clock, { epochNs, shiftNs: best.shiftNs });
  return best.shiftNs;
}
