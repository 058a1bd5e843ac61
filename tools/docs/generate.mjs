// Writes the pages of docs/ that come from tables of the code. Needs a build.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pages } from "./pages.mjs";

const root = join(import.meta.dirname, "../..");
for (const [path, text] of Object.entries(await pages(root))) writeFileSync(join(root, path), text);
