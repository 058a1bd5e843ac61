// npm run bench: install, build, then benchmarks/src/bench.ts under the Node that came with the install.
import { join } from "node:path";
import { ROOT, run } from "./command.mjs";
import { installAndBuild } from "./install-and-build.mjs";

await installAndBuild();
const node = join(ROOT, "node_modules", ".bin", "node");
const { code } = await run([
  node,
  "--no-warnings",
  join(ROOT, "benchmarks", "src", "bench.ts"),
  ...process.argv.slice(2),
]);
process.exitCode = code;
