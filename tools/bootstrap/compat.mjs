// npm run compat: install, build, then the checks that take minutes and download whole Nodes.
import { PNPM, ROOT, runOrExit } from "./command.mjs";
import { installAndBuild } from "./install-and-build.mjs";

await installAndBuild();
await runOrExit(
  [
    ...[...PNPM, "exec", "node", "--experimental-vm-modules", "--no-warnings", "node_modules/jest/bin/jest.js"],
    ...["--config", "jest.config.mjs", "--rootDir", "tools", "--testMatch", "<rootDir>/compat/*.test.ts"],
  ],
  { cwd: ROOT },
);
