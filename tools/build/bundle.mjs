// A package's second build step: the modules that tsc has made in dist/ become a few files in bundle/, which is what runs.
//
// A process loads some three hundred modules in three threads; each costs a lookup and a read. Bundling per package (and not the
// whole program) keeps packages what they are: installed, replaced and shared one by one.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

/** Entries beside those that package.json exports: of threads and of commands. */
const INNER_ENTRIES = ["worker", "main"];

/**
 * Dependencies that go into the bundles: every thread would look up, read and run each of their modules. Of valibot a package
 * takes a tenth; schemas of one copy are read by another, as those of plugins always were.
 */
const INLINED = ["@valibot/to-json-schema", "image-size", "reflect-metadata", "tsyringe", "valibot"];

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const { exports, version, dependencies = {}, peerDependencies = {} } = manifest;
const exported = Object.values(exports).flatMap(
  ({ default: file = "" }) => /^\.\/bundle\/(.+)\.js$/.exec(file)?.[1] ?? [],
);
const inner = INNER_ENTRIES.filter((name) => existsSync(`dist/${name}.js`));

/**
 * Modules of Node are asked for where they are used: an import of one reads every export that it has, and with that loads
 * what stands behind those that Node itself loads late (promises of files, WebSocket, lists of blocked addresses).
 */
const builtinsAsked = {
  name: "builtins-asked",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/dist\/.+\.js$/ }, ({ path }) => ({
      contents: askForBuiltins(readFileSync(path, "utf8")),
      loader: "js",
    })),
};

/** A bundle of somebody else, into which this one goes, has another package.json above it. */
const ownVersion = {
  name: "own-version",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/dist\/version\.js$/ }, () => ({
      contents: `export const VERSION = ${JSON.stringify(version)};`,
      loader: "js",
    })),
};

rmSync("bundle", { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: [...exported, ...inner].map((name) => `dist/${name}.js`),
  outdir: "bundle",
  bundle: true,
  splitting: true, // what is imported late is loaded late
  external: Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => !INLINED.includes(name)),
  mainFields: ["module", "main"],
  metafile: true,
  format: "esm",
  platform: "node",
  target: "node22",
  ignoreAnnotations: true, // a module that is imported for what it registers must stay
  minifyWhitespace: true, // a quarter less to read, to hash and to parse in every thread; names stay
  lineLimit: 160, // places in stack traces stay findable without the map
  sourcemap: true,
  logLevel: "warning",
  plugins: [ownVersion, builtinsAsked],
});

const licenses = new Set(
  Object.keys(metafile.inputs).flatMap((path) => /.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []),
);
if (licenses.size > 0) writeFileSync("bundle/third-party-licenses.txt", [...licenses].map(licenseOf).join("\n\n"));

/** @param code - As tsc writes it: an import in a line, with braces, a default or a namespace. */
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
