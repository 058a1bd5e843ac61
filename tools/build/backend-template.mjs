// Third build step of @core/create-backend: the files of a new backend, read from the example and from template/, in one JSON
// file (a tarball would lose `.gitignore`, and test files do not belong into one).
import { globSync, readFileSync, writeFileSync } from "node:fs";

const EXAMPLE = "../../examples/backend-echo";

/** @param {string} folder @param {readonly string[]} patterns */
function read(folder, ...patterns) {
  const paths = globSync(patterns, { cwd: folder }).sort();
  if (paths.length === 0) throw new Error(`${folder} holds none of ${patterns.join(", ")}`);
  return paths.map((path) => [path, readFileSync(`${folder}/${path}`, "utf8")]);
}

const example = read(EXAMPLE, "src/*.ts", "test/contract.test.ts").map(([path, text]) => [
  path,
  text.replace('from "@jest/globals"', 'from "node:test"'),
]);
const own = read("template", "*.*", "gitignore", "test/*");
/** Names that tools of this repository pass over. */
const storedAs = (path) => path.replace(/^gitignore$/, ".gitignore").replace(/\.txt$/, "");
const files = Object.fromEntries([...own, ...example].map(([path, text]) => [storedAs(path), text]));
writeFileSync("bundle/template.json", JSON.stringify(files, null, 2));
