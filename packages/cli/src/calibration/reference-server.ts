import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { CliError } from "../errors.js";

/** The mock server in a process of its own. */
export interface ReferenceServer {
  readonly url: string;
  stop(): void;
}

/** Starts it with constant times. @throws {CliError} CORE_CLI_CALIBRATION. */
export async function startReferenceServer(timing: {
  readonly ttftMs: number;
  readonly gapMs: number;
  readonly tokens: number;
}): Promise<ReferenceServer> {
  const entry = fileURLToPath(import.meta.resolve("@core/mock-server/serve"));
  const words = [
    ...["--port", "0", "--latency-model", "constant"],
    ...["--ttft-ms", String(timing.ttftMs), "--itl-ms", String(timing.gapMs), "--output-tokens", String(timing.tokens)],
  ];
  const child = spawn(process.execPath, [entry, ...words], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit").then(() => []);
  const [line] = (await Promise.race([once(createInterface(child.stdout), "line"), ended])) as [string?];
  if (line === undefined) {
    throw new CliError("The mock server could not be started.", {
      code: "CORE_CLI_CALIBRATION",
      hint: "Its own message stands above.",
    });
  }
  const { port } = JSON.parse(line) as { readonly port: number };
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill() };
}
