// A package's `test` script: its jest suite, with the counts left in .jest-results.json for the summary.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
rmSync(".jest-results.json", { force: true });
const { status } = spawnSync(
  process.execPath,
  [
    ...["--experimental-vm-modules", "--no-warnings", root("node_modules/jest/bin/jest.js")],
    ...["--config", root("jest.config.mjs"), "--rootDir", ".", "--maxWorkers=2"],
    ...["--passWithNoTests", "--json", "--outputFile=.jest-results.json"],
    ...process.argv.slice(2),
  ],
  { stdio: ["ignore", "ignore", "inherit"] },
);
process.exit(status ?? 1);
