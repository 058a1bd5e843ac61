// Writes the pages of docs/ that come from tables of the code. Needs a build.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorsPage } from "./errors-page.mjs";

const root = join(import.meta.dirname, "../..");
writeFileSync(join(root, "docs/errors.md"), await errorsPage(root));
