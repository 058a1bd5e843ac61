/** The zero of a run's clock, paired once with wall time for display. */
export interface RunEpoch {
  /** From `process.hrtime.bigint()`. */
  readonly epochNs: bigint;
  /** Seconds since 1970 at the same instant. */
  readonly wallSeconds: number;
}

/** Takes the epoch now. */
export function takeEpoch(): RunEpoch {
  const epochNs = process.hrtime.bigint();
  return { epochNs, wallSeconds: (performance.timeOrigin + performance.now()) / 1e3 };
}
