// npm run goodput -- ...: the command under the Node that came with the install.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./command.mjs";

const command = join(ROOT, "node_modules", ".bin", "goodput");
if (!existsSync(command)) {
  console.error("goodput is not installed yet: run npm run setup");
  process.exit(1);
}
const child = spawn(command, process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {}); // the child gets it too and ends first
child.once("close", (code) => process.exit(code ?? 1));
