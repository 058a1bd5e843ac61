import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../bin/goodput.js", import.meta.url));

/** Other tests run beside: how well this client did is no matter here. */
const ON_A_BUSY_MACHINE = { GOODPUT__SPEC__FAIL_ON_INVALID: "false" };

/** A finished command, run in an empty folder of its own. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Everything below the folder afterwards, relative, ascending. */
  readonly files: readonly string[];
  readonly folder: string;
}

/** How a command is run. */
export interface RunGoodputOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Prepares the folder. */
  readonly setUp?: (folder: string) => Promise<void>;
  /** Called with every piece of stderr and the way to signal the process. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

const folders: string[] = [];

/** Runs the installed command in a fresh folder. */
export async function runGoodput(words: readonly string[], options: RunGoodputOptions = {}): Promise<Finished> {
  const folder = await mkdtemp(join(tmpdir(), "goodput-test-"));
  folders.push(folder);
  await options.setUp?.(folder);
  const child = spawn(process.execPath, [BIN, ...words], {
    cwd: folder,
    env: { ...inherited(), ...ON_A_BUSY_MACHINE, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    options.onStderr?.(stderr, (signal) => child.kill(signal));
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const files = (await readdir(folder, { recursive: true })).sort();
  return { code, stdout, stderr, files, folder };
}

/** Removes the folders of all commands. */
export async function removeFolders(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

/** What would configure a run, or change what Node prints, stays outside. */
function inherited(): NodeJS.ProcessEnv {
  const isOurs = (name: string): boolean =>
    /^(GOODPUT|GUIDELLM|NODE_OPTIONS|NODE_DEBUG|NODE_COMPILE_CACHE|NODE_DISABLE_COMPILE_CACHE|NO_COLOR|FORCE_COLOR)/.test(
      name,
    );
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)));
}
