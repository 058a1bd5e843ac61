import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/** Each look reads a file of every process. */
const POLL_MS = 20;
const LIMIT_MS = 120_000;

/** Name of a variable that marks all processes of one engine. */
export const MARK = "GOODPUT_TEST_MARK";

/** A running process. */
export interface RunningProcess {
  readonly pid: number;
  /** Leader of its group. */
  readonly group: number;
}

/** Processes of an engine that were started with this mark; those that only wait to be reaped do not count. */
export function markedProcesses(mark: string): readonly RunningProcess[] {
  const marked = pids().filter((pid) => read(pid, "environ").split("\0").includes(`${MARK}=${mark}`));
  return marked.flatMap(describe);
}

/** Private folder of an engine, from the environment of its process. */
export function folderOf(pid: number): string | undefined {
  const entry = read(pid, "environ")
    .split("\0")
    .find((line) => line.startsWith("VLLM_RPC_BASE_PATH="));
  return entry?.slice(entry.indexOf("=") + 1);
}

/** Guardians of an engine with this folder. */
export function guardiansOf(folder: string): readonly RunningProcess[] {
  const guardians = pids().filter((pid) => read(pid, "cmdline").includes(`goodput-guardian\0${folder}\0`));
  return guardians.flatMap(describe);
}

/** The engine's own process, which leads the group of the others. */
export function bridgeOf(processes: readonly RunningProcess[]): RunningProcess | undefined {
  return processes.find(({ pid, group }) => pid === group && isPython(pid));
}

/** The process of the engine's core. */
export function coreOf(processes: readonly RunningProcess[]): RunningProcess | undefined {
  return processes.find(({ pid, group }) => pid !== group && isPython(pid));
}

/** Waits until something is there, or fails with a sentence. */
export function eventually<T>(find: () => T | undefined | false | null, what: string): Promise<T> {
  const startMs = performance.now();
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      const found = find();
      const isLate = performance.now() - startMs > LIMIT_MS;
      if (!found && !isLate) return;
      clearInterval(timer);
      if (found) resolve(found);
      else reject(new Error(`${what}: not within ${LIMIT_MS} ms`));
    }, POLL_MS);
  });
}

/** Kills a process; one that has ended is no error, one that was not found is. */
export function killHard(pid: number | undefined): void {
  if (pid === undefined) throw new Error("no process was found that could be killed");
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended
  }
}

/** `python3` may be a shell script that looks for the interpreter, with processes of its own, before it becomes it. */
function isPython(pid: number): boolean {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)).startsWith("python");
  } catch {
    return false; // it has ended
  }
}

function pids(): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The process, unless it has ended. */
function describe(pid: number): readonly RunningProcess[] {
  const [state = "X", , group = "0"] = read(pid, "stat")
    .replace(/^.*\) /, "")
    .split(" ");
  return "ZX".includes(state) ? [] : [{ pid, group: Number(group) }];
}

/** A file of a process, empty when it has ended. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
