import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { backendNames, renderTemplate } from "../src/index.js";
import { runCommand } from "../src/run-command.js";

const home = mkdtempSync(join(tmpdir(), "create-backend-"));
afterAll(() => rmSync(home, { recursive: true }));

function run(...words: readonly string[]): { readonly code: number; readonly stdout: string; readonly stderr: string } {
  let [stdout, stderr] = ["", ""];
  const code = runCommand(words, {
    workingDirectory: home,
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
  });
  return { code, stdout, stderr };
}

describe("names", () => {
  test.each([
    ["my-backend-tgi", null, "tgi"],
    ["@me/goodput-backend-my-server", null, "my_server"],
    ["backend-tgi", null, "tgi"],
    ["tgi", null, "tgi"],
    ["my.thing", null, "my_thing"],
    ["anything", "other", "other"],
  ])("the package %s with the kind %j registers %s", (name, given, kind) => {
    expect(backendNames(name, given)).toEqual({ packageName: name, kind });
  });

  test.each([
    ["My-Backend", null, "not a name of a package"],
    ["a b", "x", "not a name of a package"],
    ["../x", "x", "not a name of a package"],
    ["", "x", "not a name of a package"],
    ["x", "My", "not a name of a kind"],
    ["x", "a__b", "not a name of a kind"],
    ["x", "1a", "not a name of a kind"],
    ["x", "constructor", "not a name of a kind"],
    ["3scale", null, "not a name of a kind"],
  ])("%j with the kind %j is refused", (name, kind, message) => {
    expect(() => backendNames(name, kind)).toThrow(message);
  });

  test("nothing of the example's names is left, whatever the new ones are", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), (words) => {
        const kind = words.join("_");
        const files = renderTemplate(backendNames(`@x/${words.join("-")}`, kind));
        const text = JSON.stringify(files).replaceAll(kind, "");
        fc.pre(!kind.includes("echo"));
        expect(text).not.toMatch(/goodput-backend-echo|Echo|echo-backend|kind=echo|\\"echo\\"|`echo`/);
        expect(JSON.parse(files["package.json"] ?? "")).toMatchObject({ coreBackend: { kinds: [kind] } });
      }),
      { numRuns: 50 },
    );
  });
});

describe("the command", () => {
  test("writes the package and says what comes next", () => {
    const { code, stdout } = run("made", "--name", "@me/backend-made", "--kind", "made_up");
    expect(code).toBe(0);
    expect(stdout).toContain("@me/backend-made with the kind made_up");
    expect(stdout).toMatch(/cd made\n {2}npm install\n {2}npm test/);
    expect(readdirSync(join(home, "made"), { recursive: true }).sort()).toEqual([
      ...[".gitignore", "README.md", "package.json", "src", "src/args.ts", "src/index.ts", "src/made-up-backend.ts"],
      ...[
        "src/register.ts",
        "src/version.ts",
        "test",
        "test/contract.test.ts",
        "test/version.test.ts",
        "tsconfig.json",
      ],
    ]);
    const read = (path: string) => readFileSync(join(home, "made", path), "utf8");
    expect(read("src/register.ts")).toContain('kind: "made_up"');
    expect(read("src/register.ts")).toContain("made_up: MadeUpArgsInput;");
    expect(read("test/contract.test.ts")).toContain('from "node:test"');
    expect(read("test/contract.test.ts")).not.toContain("jest");
  });

  test("leaves what is there alone", () => {
    const folder = mkdtempSync(join(home, "used-"));
    writeFileSync(join(folder, "mine.txt"), "mine");
    const { code, stderr } = run(folder, "--name", "x");
    expect([code, readdirSync(folder)]).toEqual([2, ["mine.txt"]]);
    expect(stderr).toContain("it holds mine.txt");
    expect(stderr).toContain("(CORE_CREATE_BACKEND_FOLDER_IN_USE)");
    expect(run(join(folder, "mine.txt"), "--name", "x").code).toBe(2);
  });

  test("works in the folder of a new repository", () => {
    const folder = mkdtempSync(join(home, "git-"));
    mkdirSync(join(folder, ".git"));
    const { code } = run(folder, "--name", "b");
    expect(code).toBe(0);
  });

  test.each([
    [[], "A folder is needed."],
    [["a", "b"], "One folder is enough."],
    [["a", "--king", "x"], "--king"],
    [["Bad Name"], "not a name of a package"],
  ])("%j is refused", (words, message) => {
    const { code, stdout, stderr } = run(...words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });

  test("help names every option, as the README does", () => {
    const { code, stdout } = run("--help");
    expect(code).toBe(0);
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const rows = [...readme.matchAll(/^\| `(--\w+ \w+)` +\| (.+?) +\|$/gm)];
    expect(rows).toHaveLength(2);
    for (const [, option = "", meaning = ""] of rows) expect(stdout).toMatch(new RegExp(`${option} +${meaning}`));
  });
});

describe("what the template states", () => {
  const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

  test.each(["package.json", "tsconfig.json"])("%s is that of docs/writing-a-backend.md", (name) => {
    const page = read("../../docs/writing-a-backend.md");
    const [, text] = new RegExp(`\`\`\`json title="${name}"\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
    expect(JSON.parse(text ?? "")).toEqual(JSON.parse(read(`template/${name}`)));
  });

  test("the versions are those that this repository is tested with", () => {
    const { dependencies, devDependencies } = JSON.parse(read("template/package.json"));
    const catalog = read("../../pnpm-workspace.yaml");
    expect(catalog).toContain(`  valibot: ${dependencies.valibot}\n`);
    for (const name of ["backend", "backend-testkit"]) {
      const { version } = JSON.parse(read(`../${name}/package.json`));
      expect(devDependencies[`@core/${name}`]).toBe(`^${version.split(".")[0]}.0.0`);
    }
  });
});
