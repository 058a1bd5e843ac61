import { PNPM, run, runOrExit } from "./command.mjs";

/** Installs the locked dependencies (Node 24 among them) and builds every package. Ends the process when it fails. */
export async function installAndBuild() {
  await runOrExit([...PNPM, "install", "--frozen-lockfile", "--reporter=append-only"]);
  const { output } = await run([...PNPM, "exec", "node", "--version"], { collect: true });
  if (!/^v2[4-9]\./m.test(output)) {
    console.error(
      `Node 24 did not come with the install (found ${output.trim()}). Is the platform linux-x64, linux-arm64 or darwin-arm64?`,
    );
    process.exit(1);
  }
  await runOrExit([...PNPM, "exec", "turbo", "run", "build", "--output-logs=errors-only"]);
}
