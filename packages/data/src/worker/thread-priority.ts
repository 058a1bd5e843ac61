import { constants, setPriority } from "node:os";

/**
 * Lets the threads that carry the load go first where cores are short: waking this thread no longer takes the core away
 * from one that is about to stamp a token. On Linux a priority belongs to the calling thread; elsewhere it would be that
 * of the whole process, so nothing is done.
 */
export function yieldToLoad(): void {
  if (process.platform !== "linux") return;
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    // a sandbox may forbid it; the run is as right without it, only less exact on few cores
    if ((error as NodeJS.ErrnoException).code !== "ERR_SYSTEM_ERROR") throw error;
  }
}
