// npm run test:vllm: install, build, and try the backends against a real vLLM on this machine's processors. Options behind
// `--` are those of benchmarks/src/real-vllm.ts.
import { join } from "node:path";
import { ROOT, runOrExit } from "./command.mjs";
import { installAndBuild } from "./install-and-build.mjs";

await installAndBuild();
const node = join(ROOT, "node_modules", ".bin", "node");
await runOrExit([node, join(ROOT, "benchmarks", "src", "real-vllm.ts"), ...process.argv.slice(2)]);
