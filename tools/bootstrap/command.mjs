// Running commands for the scripts of this folder. Plain Node 20, no dependency: it runs before anything is installed.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folder of the repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const { packageManager } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/** Words that start the pinned pnpm without anything installed. */
export const PNPM = ["npx", "--yes", packageManager];

/** Runs a command to its end, showing its output or collecting it. Never throws: `code` tells. */
export function run(words, { cwd = ROOT, collect = false, env = {} } = {}) {
  const began = performance.now();
  const child = spawn(words[0], words.slice(1), {
    cwd,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", ...env },
    stdio: collect ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
  });
  let output = "";
  for (const stream of collect ? [child.stdout, child.stderr] : []) {
    stream.setEncoding("utf8").on("data", (piece) => {
      output += piece;
    });
  }
  return new Promise((resolve) => {
    const done = (code) => resolve({ code, output, seconds: (performance.now() - began) / 1000 });
    child.once("error", (error) => {
      output += `${error.message}\n`;
      done(127);
    });
    child.once("close", (code) => done(code ?? 1));
  });
}

/** Runs a command and ends this process with its code when it fails. */
export async function runOrExit(words, options) {
  const { code } = await run(words, options);
  if (code !== 0) process.exit(code);
}
