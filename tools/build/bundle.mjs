// A package's second build step: the modules that tsc has made in dist/ become a few files in bundle/, which is what runs.
//
// A process loads some three hundred modules in three threads; each costs a lookup and a read. Bundling per package (and not the
// whole program) keeps packages what they are: installed, replaced and shared one by one.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { build } from "esbuild";

/** Entries beside those that package.json exports: of threads and of commands. */
const INNER_ENTRIES = ["worker", "main"];

const { exports, version } = JSON.parse(readFileSync("package.json", "utf8"));
const exported = Object.values(exports).flatMap(
  ({ default: file = "" }) => /^\.\/bundle\/(.+)\.js$/.exec(file)?.[1] ?? [],
);
const inner = INNER_ENTRIES.filter((name) => existsSync(`dist/${name}.js`));

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
await build({
  entryPoints: [...exported, ...inner].map((name) => `dist/${name}.js`),
  outdir: "bundle",
  bundle: true,
  splitting: true, // what is imported late is loaded late
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node22",
  ignoreAnnotations: true, // a module that is imported for what it registers must stay
  sourcemap: true,
  logLevel: "warning",
  plugins: [ownVersion],
});
