import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The installed command, so that what is measured is what users run. */
export const GOODPUT = fileURLToPath(new URL("../node_modules/.bin/goodput", import.meta.url));

/** How often the memory of a running command is looked at, milliseconds. */
const MEMORY_EVERY_MS = 100;

/** A finished command. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly wallSeconds: number;
  /** User and system time of the process and its threads. */
  readonly cpuSeconds: number;
  /** Most memory that was resident at once, MB; `NaN` where there is no `/proc`. */
  readonly peakMemoryMb: number;
}

/** Words that pin a command to one core where `taskset` exists; nothing elsewhere. */
export function pinned(cpu: number | null): readonly string[] {
  return cpu !== null && process.platform === "linux" ? ["taskset", "-c", String(cpu)] : [];
}

/** Starts a command pinned to a core; its stdout is piped. */
export function start(words: readonly string[], cpu: number | null): ChildProcess {
  const [command = "", ...rest] = [...pinned(cpu), ...words];
  return spawn(command, rest, { stdio: ["ignore", "pipe", "inherit"] });
}

/** Runs a command to its end and measures its processor time with the shell's `time`. */
export async function run(words: readonly string[], cpu: number | null = null): Promise<CommandResult> {
  const script = 'TIMEFORMAT="@@cpu %U %S"; time "$@"';
  const began = performance.now();
  const child = spawn("bash", ["-c", script, "bash", ...pinned(cpu), ...words], { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  let peakMemoryMb = Number.NaN;
  const watch = setInterval(() => {
    peakMemoryMb = Math.max(memoryOfChildrenMb(child.pid ?? 0), Number.isNaN(peakMemoryMb) ? 0 : peakMemoryMb);
  }, MEMORY_EVERY_MS);
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? 1));
  });
  clearInterval(watch);
  const wallSeconds = (performance.now() - began) / 1000;
  const match = /@@cpu ([\d.]+) ([\d.]+)/.exec(stderr());
  return {
    code,
    stdout: stdout(),
    stderr: stderr().replace(/@@cpu.*\n?/, ""),
    wallSeconds,
    cpuSeconds: Number(match?.[1] ?? Number.NaN) + Number(match?.[2] ?? Number.NaN),
    peakMemoryMb: peakMemoryMb === 0 ? Number.NaN : peakMemoryMb,
  };
}

/** Peak resident memory of the processes that the shell has started; 0 when there are none. */
function memoryOfChildrenMb(shell: number): number {
  let most = 0;
  for (const child of childrenOf(shell)) {
    const status = readIfThere(`/proc/${child}/status`);
    most = Math.max(most, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
  }
  return most;
}

function childrenOf(parent: number): readonly string[] {
  const tasks = process.platform === "linux" ? listIfThere(`/proc/${parent}/task`) : [];
  return tasks.flatMap((task) => readIfThere(`/proc/${parent}/task/${task}/children`).split(" ").filter(Boolean));
}

/** Processes end while they are looked at. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function listIfThere(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = "";
  stream.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  return () => text;
}
