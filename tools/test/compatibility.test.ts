import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type InstalledProject, installProject } from "./installed-project.js";

jest.setTimeout(300_000); // packs and installs

const ROOT = join(import.meta.dirname, "../..");
const execute = promisify(execFile);

/** The lowest version that each range of the catalog allows, by package. */
const LOWEST = Object.fromEntries(
  [...readFileSync(join(ROOT, "pnpm-workspace.yaml"), "utf8").matchAll(/^ {2}"?([^\s":]+)"?: \^(\S+)$/gm)].map(
    ([, name = "", version = ""]) => [name, version],
  ),
);
const ECHO_RUN = [
  ...["run", "--plugin", "goodput-backend-echo", "--backend", "kind=echo,delay_ms=1"],
  ...["--data", "kind=synthetic_text,prompt_tokens=8,output_tokens=4", "--output", "kind=json"],
  ...["--profile", "kind=concurrent,streams=2", "--constraint", "kind=max_requests,count=5"],
];

let project: InstalledProject;
beforeAll(async () => {
  project = await installProject(LOWEST);
});
afterAll(() => project.remove());

function totalsOf(folder: string): unknown {
  const report = JSON.parse(readFileSync(join(project.folder, folder, "benchmarks.json"), "utf8"));
  return report.benchmarks[0].metrics.request_totals;
}

describe("installed with pnpm, every dependency at the lowest version that is allowed", () => {
  test("has those versions and no others", () => {
    const installed = readdirSync(join(project.folder, "node_modules/.pnpm"));
    for (const name of ["valibot", "tsyringe", "reflect-metadata", "undici", "ws", "yaml", "import-meta-resolve"]) {
      const found = installed.filter((entry) => entry.startsWith(`${name}@`)).map((entry) => entry.split(/[@_(]/)[1]);
      expect([name, found]).toEqual([name, [LOWEST[name]]]);
    }
  });

  test("every module can be imported", async () => {
    const entries = project.packed.flatMap((name) => {
      const manifest = JSON.parse(readFileSync(join(project.folder, "node_modules", name, "package.json"), "utf8"));
      const paths = Object.keys(manifest.exports).filter((path) => path !== "./package.json");
      return paths.filter((path) => path !== "./serve").map((path) => `${name}${path.slice(1)}`); // that one serves at once
    });
    expect(entries.length).toBeGreaterThan(12);
    const script = entries.map((entry) => `await import(${JSON.stringify(entry)});`).join("\n");
    writeFileSync(join(project.folder, "import-all.mjs"), `${script}\nconsole.log("all");`);
    expect((await project.node("import-all.mjs")).stdout).toBe("all\n");
  });

  test("runs a benchmark with a plugin", async () => {
    await project.node("node_modules/goodput/bin/goodput.js", ...ECHO_RUN, "--output-dir", "echo");
    expect(totalsOf("echo")).toMatchObject({ successful: 5, errored: 0, incomplete: 0 });
  });

  test.each(["openai_http", "openai_websocket"])("runs a benchmark with %s", async (kind) => {
    const script = `
      import { startMockServer } from "@core/mock-server";
      import { spawn } from "node:child_process";
      const server = await startMockServer({ port: 0, ttft_ms: 1, itl_ms: 0, output_tokens: 4 });
      const words = process.argv.slice(2).map((word) => word.replace("TARGET", server.url));
      const child = spawn(process.execPath, ["node_modules/goodput/bin/goodput.js", ...words], { stdio: "inherit" });
      child.once("exit", async (code) => { await server.close(); process.exitCode = code; });`;
    writeFileSync(join(project.folder, "against-mock.mjs"), script);
    const speech = Buffer.from(JSON.stringify({ audio: `data:audio/wav;base64,${SECOND_OF_SILENCE}` }));
    writeFileSync(join(project.folder, "speech.jsonl"), speech);
    const data =
      kind === "openai_http"
        ? "kind=synthetic_text,prompt_tokens=8,output_tokens=4"
        : "kind=json_file,path=speech.jsonl";
    await project.node(
      ...["against-mock.mjs", "run", "--backend", `kind=${kind},target=TARGET`, "--data", data, "--output-dir", kind],
      ...["--profile", "kind=synchronous", "--constraint", "kind=max_requests,count=1", "--output", "kind=json"],
    );
    expect(totalsOf(kind)).toMatchObject({ successful: 1, errored: 0 });
  });
});

const THREADS = ["@core/scheduler", "@core/data", "goodput-backend-echo"];
const BUNDLERS: Readonly<
  Record<string, (entry: string, out: string, external: readonly string[]) => readonly string[]>
> = {
  esbuild: (entry, out, external) => [
    ...["esbuild", entry, "--bundle", "--platform=node", "--format=esm", `--outfile=${out}`, "--log-level=error"],
    `--banner:js=import { createRequire as r } from "node:module"; const require = r(import.meta.url);`,
    ...external.map((name) => `--external:${name}`),
  ],
  rolldown: (entry, out, external) => [
    ...[
      "rolldown",
      entry,
      "--platform",
      "node",
      "--format",
      "esm",
      "--no-code-splitting",
      "--file",
      out,
      "--log-level",
      "silent",
    ],
    ...external.flatMap((name) => ["--external", name]),
  ],
};

describe.each(Object.keys(BUNDLERS))("the command line in one file, made with %s", (bundler) => {
  const bundle = async (name: string, imports: readonly string[], external: readonly string[]): Promise<string> => {
    const entry = `${bundler}-${name}.mjs`;
    const out = join(project.folder, external.length === 0 ? "../alone" : "bundled", entry); // alone: nothing to import there
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(
      join(project.folder, entry),
      `${imports.map((each) => `import ${JSON.stringify(each)};`).join("\n")}
      import { processContext, runCli } from "@core/cli";
      const context = processContext({ name: "bundled", version: "3.2.1", plugins: [], defaultBackend: null });
      process.exitCode = await runCli(process.argv.slice(2), context);`,
    );
    const [program = "", ...words] = BUNDLERS[bundler]?.(entry, out, external) ?? [];
    await execute(join(ROOT, "node_modules/.bin", program), words, { cwd: project.folder });
    return out;
  };

  test("still knows every kind, with its package and version", async () => {
    const plugins = ["goodput-backend-echo", "@plugin/backend-openai-http", "@plugin/backend-openai-realtime"];
    const out = await bundle("all", plugins, []);
    const { stdout } = await project.node(out, "kinds");
    const { stdout: unbundled } = await project.node(
      "node_modules/goodput/bin/goodput.js",
      "kinds",
      "--plugin",
      plugins[0] ?? "",
    );
    const words = (text: string) => text.split(/\s+/).sort(); // the order of registration differs
    expect(words(stdout)).toEqual(words(unbundled));
    expect(stdout).toContain("echo");
    await project.node(out, "run", "--dry-run", ...ECHO_RUN.slice(3));
  });

  test("runs with its threads, which are files of packages that stay outside", async () => {
    const out = await bundle("threads", [], THREADS);
    await project.node(out, ...ECHO_RUN, "--output-dir", bundler);
    expect(totalsOf(bundler)).toMatchObject({ successful: 5, errored: 0, incomplete: 0 });
  });
});

/** A WAV file: one second, 16 kHz, 16 bits, one channel. */
const SECOND_OF_SILENCE = Buffer.concat([
  Buffer.from(
    "RIFF\x24\x7d\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0data\0\x7d\0\0",
    "latin1",
  ),
  Buffer.alloc(32_000),
]).toString("base64");
