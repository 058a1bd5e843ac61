import { readdirSync, readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";

const TASKS = "/proc/self/task";
/** Name that Node gives, from version 24 on, to the threads on which V8 compiles and collects garbage. */
const V8_THREAD = "V8Worker";

/**
 * Lets the threads that carry the load go first where cores are short: waking this thread no longer takes the core away
 * from one that is about to stamp a token. On Linux a priority belongs to the calling thread; elsewhere it would be that
 * of the whole process, so nothing is done.
 */
export function yieldToLoad(): void {
  if (process.platform === "linux") lower(0);
}

/**
 * The same for the threads on which V8 compiles: there are four, so that together they would take most of a core from the
 * one thread that reads. Measured at 500 streams on one core: stalls of 30 to 60 ms when the first requests end became
 * 10 to 20.
 */
export function compilersYieldToLoad(): void {
  if (process.platform !== "linux") return;
  for (const thread of readdirSync(TASKS)) {
    if (nameOf(thread) === V8_THREAD) lower(Number(thread));
  }
}

function nameOf(thread: string): string | null {
  try {
    return readFileSync(`${TASKS}/${thread}/comm`, "utf8").trim();
  } catch (error) {
    // it has ended since the folder was read
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" && (error as NodeJS.ErrnoException).code !== "ESRCH")
      throw error;
    return null;
  }
}

/** @param thread - Its number; 0 is the calling one. */
function lower(thread: number): void {
  try {
    setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    // a sandbox may forbid it; the run is as right without it, only less exact on few cores
    if ((error as NodeJS.ErrnoException).code !== "ERR_SYSTEM_ERROR") throw error;
  }
}
