import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { CORES } from "./engine-options.ts";
import { ENGINE_ENVIRONMENT, type RealVllm } from "./environment.ts";

const LIMIT_MS = 900_000;
const POLL_MS = 500;

/** A running `vllm serve`. */
export interface VllmServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts `vllm serve` on 127.0.0.1 and waits until it is healthy. @param words - Options beside model and address. */
export async function serve(vllm: RealVllm, words: readonly string[]): Promise<VllmServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const address = ["--host", "127.0.0.1", "--port", String(port), "--served-model-name", "tiny"];
  const server = spawn(vllm.command, ["serve", vllm.model, ...address, ...words], {
    env: { ...process.env, ...ENGINE_ENVIRONMENT },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let log = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-4_000);
  });
  const group = server.pid;
  if (group === undefined) throw new Error(`${vllm.command} cannot be started`);
  const kill = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-group, signal);
    } catch {
      // the group has ended
    }
  };
  process.once("exit", () => kill("SIGKILL"));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  const exit = once(server, "exit");
  const limitMs = performance.now() + LIMIT_MS;
  while (!(await isHealthy(url))) {
    if (server.exitCode !== null) throw new Error(`vllm serve ended with ${server.exitCode}:\n${log}`);
    if (performance.now() > limitMs) throw new Error(`vllm serve is not healthy after ${LIMIT_MS / 1000} s:\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  if (CORES !== null) placeProcesses(group, CORES);
  const close = async (): Promise<void> => {
    server.kill("SIGTERM");
    await exit;
    kill("SIGKILL");
  };
  return { url, close };
}

/** As `cpu_affinity` does for the bridge: the engine's core and worker apart from the process that serves HTTP. */
function placeProcesses(group: number, cores: { readonly engine: number; readonly client: number }): void {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    if (groupOf(pid) !== group) continue;
    const core = Number(pid) === group ? cores.client : cores.engine;
    spawnSync("taskset", ["-a", "-p", "-c", String(core), pid]);
  }
}

function groupOf(pid: string): number {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ")[2],
    );
  } catch {
    return Number.NaN; // it has ended
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
