/** A stretch of time in which the server works at another speed. */
export interface SpeedStretch {
  /** Seconds after the first request. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Work done in a second, at least 0; 1 is the speed without incidents. */
  readonly speed: number;
}

/** How long work takes: as long as it takes without incidents, and longer while the server stalls or is slow. */
export class ServerTime {
  readonly #stretches: readonly SpeedStretch[];
  /** Seconds at which the speed changes, ascending. */
  readonly #changes: readonly number[];
  #epochNs: number | null = null;

  /** @param stretches - Where they overlap their speeds are multiplied. */
  constructor(stretches: readonly SpeedStretch[]) {
    this.#stretches = stretches;
    const changes = stretches.flatMap(({ fromSeconds, toSeconds }) => [fromSeconds, toSeconds]);
    this.#changes = [...new Set(changes)].sort((one, other) => one - other);
  }

  /** Instant of the first request, from which seconds are counted; null before it. */
  get epochNs(): number | null {
    return this.#epochNs;
  }

  /** Counts seconds from this instant, unless they are counted already. @returns Whether they were not. */
  begin(nowNs: number): boolean {
    if (this.#epochNs !== null) return false;
    this.#epochNs = nowNs;
    return true;
  }

  /** Counts from the next request. */
  reset(): void {
    this.#epochNs = null;
  }

  /** When work of this length is done that begins at an instant. */
  after(startNs: number, lengthNs: number): number {
    if (this.#epochNs === null || this.#changes.length === 0) return startNs + lengthNs;
    let atNs = startNs;
    let leftNs = lengthNs;
    for (const change of this.#changes) {
      const changeNs = this.#epochNs + change * 1e9;
      if (changeNs <= atNs) continue;
      const speed = this.#speedAt((atNs - this.#epochNs) / 1e9);
      const possibleNs = (changeNs - atNs) * speed;
      if (possibleNs >= leftNs && speed > 0) return atNs + leftNs / speed;
      leftNs -= possibleNs;
      atNs = changeNs;
    }
    return atNs + leftNs;
  }

  #speedAt(seconds: number): number {
    let speed = 1;
    for (const stretch of this.#stretches) {
      // an instant that was computed from seconds may be off by a rounding
      if (seconds >= stretch.fromSeconds - 1e-9 && seconds < stretch.toSeconds - 1e-9) speed *= stretch.speed;
    }
    return speed;
  }
}
