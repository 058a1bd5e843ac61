import { readdirSync, readFileSync } from "node:fs";

const POLL_MS = 5;
const LIMIT_MS = 20_000;

/** Name of a variable that marks all processes of one engine. */
export const MARK = "GOODPUT_TEST_MARK";

/** A running process. */
export interface RunningProcess {
  readonly pid: number;
  readonly command: string;
}

/** Processes of an engine that were started with this mark; those that only wait to be reaped do not count. */
export function markedProcesses(mark: string): readonly RunningProcess[] {
  return runningProcesses().filter(({ pid }) => read(pid, "environ").split("\0").includes(`${MARK}=${mark}`));
}

/** Guardians of a process group. */
export function guardiansOf(group: number): readonly RunningProcess[] {
  return runningProcesses().filter(({ command }) => command.includes(`goodput-guardian ${group} `));
}

/** The engine's own process: the one that runs the bridge. */
export function bridgeOf(processes: readonly RunningProcess[]): RunningProcess | undefined {
  return processes.find(({ command }) => command.includes("main.py"));
}

/** The process of the engine's core. */
export function coreOf(processes: readonly RunningProcess[]): RunningProcess | undefined {
  return processes.find(({ command }) => !command.includes("main.py") && command.includes("time.sleep"));
}

/** Waits until something is there, or fails with a sentence. */
export async function eventually<T>(find: () => T | undefined | false | null, what: string): Promise<T> {
  const startMs = performance.now();
  for (;;) {
    const found = find();
    if (found) return found;
    if (performance.now() - startMs > LIMIT_MS) throw new Error(`${what}: not within ${LIMIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Kills a process; one that has ended is no error. */
export function killHard(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended
  }
}

function runningProcesses(): readonly RunningProcess[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((name) => {
    const pid = Number(name);
    const isZombie = /\) [ZX] /.test(read(pid, "stat"));
    const command = read(pid, "cmdline").replaceAll("\0", " ");
    return isZombie || command === "" ? [] : [{ pid, command }];
  });
}

/** A file of a process, empty when it has ended. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
