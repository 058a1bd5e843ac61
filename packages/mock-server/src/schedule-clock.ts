/** Time and waiting as the schedule sees them; tests give a virtual one. */
export interface ScheduleClock {
  /** Nanoseconds of `process.hrtime`. */
  nowNs(): number;
  /** Calls `wake` after about `delayMs` (a whole number >= 1); returns what cancels it. */
  setTimer(delayMs: number, wake: () => void): () => void;
  /** Calls `wake` after one turn of the event loop; returns what cancels it. */
  yieldOnce(wake: () => void): () => void;
}

/** The clock of this process; exact to 1 ns for 104 days after the machine's start. */
export const processClock: ScheduleClock = {
  nowNs: () => {
    const [seconds, nanoseconds] = process.hrtime(); // Perf: no bigint per token
    return seconds * 1e9 + nanoseconds;
  },
  setTimer: (delayMs, wake) => {
    const timer = setTimeout(wake, delayMs);
    return () => clearTimeout(timer);
  },
  yieldOnce: (wake) => {
    const immediate = setImmediate(wake);
    return () => clearImmediate(immediate);
  },
};
