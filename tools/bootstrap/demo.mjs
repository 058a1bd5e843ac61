// npm run demo: install, build, start the mock server, run a short sweep against it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT, run } from "./command.mjs";
import { installAndBuild } from "./install-and-build.mjs";

await installAndBuild();
const goodput = join(ROOT, "node_modules", ".bin", "goodput");
const server = spawn(goodput, ["mock-server", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
try {
  const target = await listeningUrl(server.stdout);
  server.stdout.resume(); // what else it says is of no interest, but must not fill the pipe
  const folder = join(ROOT, "results", `demo-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}`);
  const words = [
    ...["run", "--backend", `kind=openai_http,target=${target}`],
    ...["--profile", "kind=sweep,sweep_size=5,max_concurrency=64"],
    ...["--constraint", "kind=max_duration,seconds=4"],
    ...["--data", "kind=synthetic_text,prompt_tokens=128,output_tokens=32"],
    ...["--output-dir", folder],
  ];
  console.log(`\n$ goodput ${words.map((word) => (word.includes(" ") ? JSON.stringify(word) : word)).join(" ")}\n`);
  process.env["GOODPUT__SPEC__FAIL_ON_INVALID"] ??= "false"; // client and server share this machine
  const { code } = await run([goodput, ...words]);
  if (code !== 0) process.exitCode = code;
  for (const name of ["benchmarks.json", "benchmarks.csv"]) {
    if (existsSync(join(folder, name))) continue;
    console.error(`the run wrote no ${name}`);
    process.exitCode = 1;
  }
} finally {
  server.kill();
}

async function listeningUrl(stdout) {
  for await (const line of createInterface(stdout)) {
    const match = /(http:\/\/[^\s]+)/.exec(line);
    if (match) return match[1];
  }
  throw new Error("the mock server ended without saying where it listens");
}
