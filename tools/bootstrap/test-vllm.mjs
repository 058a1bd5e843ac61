// npm run test:vllm: install, build, and try the backends against a real vLLM on this machine's processors.
import { PNPM, runOrExit } from "./command.mjs";
import { installAndBuild } from "./install-and-build.mjs";

await installAndBuild();
await runOrExit([...PNPM, "exec", "node", "benchmarks/src/real-vllm.ts"]);
