import { readdirSync, readFileSync } from "node:fs";

const POLL_MS = 5;
const LIMIT_MS = 20_000;

/** Name of a variable that marks all processes of one engine. */
export const MARK = "GOODPUT_TEST_MARK";

/** A running process. */
export interface RunningProcess {
  readonly pid: number;
  readonly command: string;
  /** Leader of its group. */
  readonly group: number;
}

/** Processes of an engine that were started with this mark; those that only wait to be reaped do not count. */
export function markedProcesses(mark: string): readonly RunningProcess[] {
  return runningProcesses().filter(({ pid }) => read(pid, "environ").split("\0").includes(`${MARK}=${mark}`));
}

/** Private folder of an engine, from the environment of its process. */
export function folderOf(pid: number): string | undefined {
  const entry = read(pid, "environ")
    .split("\0")
    .find((line) => line.startsWith("VLLM_RPC_BASE_PATH="));
  return entry?.slice(entry.indexOf("=") + 1);
}

/** Guardians of a process group. */
export function guardiansOf(group: number): readonly RunningProcess[] {
  return runningProcesses().filter(({ command }) => command.includes(`goodput-guardian ${group} `));
}

/** The engine's own process, which leads the group of the others. */
export function bridgeOf(processes: readonly RunningProcess[]): RunningProcess | undefined {
  return processes.find(({ pid, group }) => pid === group);
}

/** The process of the engine's core. */
export function coreOf(processes: readonly RunningProcess[]): RunningProcess | undefined {
  return processes.find(({ pid, group }) => pid !== group);
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
    const [state = "X", , group = "0"] = read(pid, "stat")
      .replace(/^.*\) /, "")
      .split(" ");
    const command = read(pid, "cmdline").replaceAll("\0", " ");
    return "ZX".includes(state) || command === "" ? [] : [{ pid, command, group: Number(group) }];
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
