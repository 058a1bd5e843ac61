// A package's second build step: the modules that tsc has made in dist/ become a few files in bundle/, which is what runs.
//
// A process loads some three hundred modules in three threads; each costs a lookup and a read. Bundling per package (and not the
// whole program) keeps packages what they are: installed, replaced and shared one by one.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { transform } from "esbuild";
import { rolldown } from "rolldown";
import { chunkNames } from "./chunk-names.mjs";

/** Entries beside those that package.json exports: of threads and of commands. */
const INNER_ENTRIES = ["worker", "main"];

/** Modules that are imported late and yet by every run: what they need is put together as if they were entries. */
const LATE_ENTRIES = ["commands/run", "commands/measure"];

/**
 * Dependencies that go into the bundles: every thread would look up, read and run each of their modules. Of valibot a package
 * takes a tenth; schemas of one copy are read by another, as those of plugins always were.
 */
const INLINED = ["@valibot/to-json-schema", "image-size", "reflect-metadata", "tsyringe", "valibot"];

const DIST = resolve("dist");
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const { exports, version, dependencies = {}, peerDependencies = {} } = manifest;
const exported = Object.values(exports).flatMap(
  ({ default: file = "" }) => /^\.\/bundle\/(.+)\.js$/.exec(file)?.[1] ?? [],
);
const builtFrom = (names) => names.filter((name) => existsSync(`dist/${name}.js`));
const entries = [...exported, ...builtFrom(INNER_ENTRIES)];
const external = Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => !INLINED.includes(name));

/** Modules as tsc has written them, with the way back to their sources. */
const ownModules = {
  name: "own-modules",
  load(path) {
    if (!path.startsWith(DIST)) return null;
    // a bundle of somebody else, into which this one goes, has another package.json above it
    if (path === join(DIST, "version.js")) return `export const VERSION = ${JSON.stringify(version)};`;
    return { code: askForBuiltins(readFileSync(path, "utf8")), map: readFileSync(`${path}.map`, "utf8") };
  },
};

/** A quarter less to read, to hash and to parse in every thread. Names stay, and short lines: stack traces say where it is. */
const withoutBlanks = {
  name: "without-blanks",
  renderChunk: (code) =>
    transform(code, { minifyWhitespace: true, lineLimit: 160, sourcemap: true, logLevel: "warning" }),
};

const build = await rolldown({
  input: Object.fromEntries(entries.map((name) => [name, `dist/${name}.js`])),
  external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)),
  platform: "node",
  resolve: { mainFields: ["module", "main"] },
  transform: { target: "node22" },
  treeshake: { annotations: false, moduleSideEffects: true }, // a module that is imported for what it registers must stay
  preserveEntrySignatures: "allow-extension",
  plugins: [ownModules, withoutBlanks],
});
rmSync("bundle", { recursive: true, force: true });
const { output } = await build.write({
  dir: "bundle",
  format: "esm",
  sourcemap: true,
  minify: false, // the least that it does otherwise prints the code anew, with blanks
  topLevelVar: true, // V8 need not ask at each use whether a constant of a module has its value yet
  chunkFileNames: "[name]-[hash].js",
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [
      {
        debugName: "loaded-together",
        name: chunkNames([...entries, ...builtFrom(LATE_ENTRIES)].map((name) => join(DIST, `${name}.js`))),
      },
    ],
  },
});
await build.close();

const modules = output.flatMap(({ moduleIds = [] }) => moduleIds);
const licenses = new Set(modules.flatMap((path) => /.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []));
if (licenses.size > 0) writeFileSync("bundle/third-party-licenses.txt", [...licenses].map(licenseOf).join("\n\n"));

/**
 * Modules of Node are asked for where they are used: an import of one reads every export that it has, and with that loads
 * what stands behind those that Node itself loads late (promises of files, WebSocket, lists of blocked addresses).
 *
 * @param code - As tsc writes it: an import in a line, with braces, a default or a namespace.
 */
function askForBuiltins(code) {
  return code.replace(/^import (?:\* as )?(.+) from ("node:.+");$/gm, (_, names, module) => {
    const pattern = names.replace(/ as /g, ": ");
    return `const ${pattern} = process.getBuiltinModule(${module});`;
  });
}

/** Name and license of a package that went into the bundle. */
function licenseOf(folder) {
  const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no license file`);
  return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}`;
}
