import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KindRegistry, listFamily, registerBackend, secretField, textField, withDefault } from "@core/backend";
import { afterAll, describe, expect, test } from "@jest/globals";
import * as v from "valibot";
import { type CommandContext, EXIT_CODES, runCli } from "../src/index.js";

registerBackend({
  contract: 1,
  kind: "made_up",
  packageName: "made-up",
  packageVersion: "1.2.3",
  summary: "Exists for these tests.",
  argsSchema: v.strictObject({
    kind: v.literal("made_up"),
    target: textField("Where it would send."),
    model: withDefault(textField("What it would ask for."), "m"),
    api_key: v.optional(v.nullable(secretField("A key.")), null),
  }),
  create: () => {
    throw new Error("nothing is run here");
  },
});

const routes = new KindRegistry<string>({ name: "made_up_route", label: "route", option: "--backend route" });
routes.register({
  contract: 1,
  kind: "/one",
  packageName: "made-up",
  packageVersion: "1.2.3",
  summary: "The first.",
  argsSchema: v.strictObject({ kind: v.literal("/one") }),
  create: () => "/one",
});
listFamily(routes, "Where it goes.");

const folder = mkdtempSync(join(tmpdir(), "run-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DATA = ["--data", "kind=synthetic_text,prompt_tokens=8,output_tokens=2"];
const BACKEND = ["--backend", "kind=made_up,target=there"];

/** Runs the command line in this process. */
async function cli(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  let stdout = "";
  let stderr = "";
  const context: CommandContext = {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    environment,
    workingDirectory: folder,
    distribution: { name: "probe", version: "7.8.9", plugins: [], defaultBackend: null },
    onInterrupt: () => () => {},
  };
  const code = await runCli(words, context);
  return { code, stdout, stderr };
}

/** The configuration that a dry run prints. */
async function resolved(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await cli(["run", "--dry-run", ...words], environment);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe("help", () => {
  test.each([
    [["--help"], "Commands:"],
    [["-h"], "Commands:"],
    [["help"], "Commands:"],
    [["run", "--help"], "--backend kind=made_up"],
    [["help", "run"], "--dry-run"],
    [["kinds", "--help"], "Families: backend, profile"],
    [["schema", "-h"], "JSON Schema"],
    [["env", "--help"], "GOODPUT__SPEC__BACKEND__TARGET"],
    [["mock-server", "--help"], "--port"],
  ])("%j goes to stdout and ends with 0", async (words, text) => {
    const { code, stdout, stderr } = await cli(words);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(text);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test("nothing at all is a mistake: the same text on stderr", async () => {
    const { code, stdout, stderr } = await cli([]);
    expect([code, stdout]).toEqual([EXIT_CODES.usage.code, ""]);
    expect(stderr).toContain("Commands:");
  });

  test("the version is that of the distribution", async () => {
    expect(await cli(["--version"])).toEqual({ code: 0, stdout: "probe 7.8.9\n", stderr: "" });
  });
});

describe("kinds", () => {
  test("lists every family, and the fields of one kind", async () => {
    const all = await cli(["kinds"]);
    for (const text of ["--backend", "made_up", "[made-up 1.2.3]", "--output ", "Not built yet."]) {
      expect(all.stdout).toContain(text);
    }
    const one = await cli(["kinds", "backend", "made_up"]);
    expect(one.stdout).toMatch(/target .*\(text; required\)/);
    expect(one.stdout).toMatch(/model .*\(text; default "m"\)/);
  });

  test("lists families that a plugin told of", async () => {
    const all = await cli(["kinds"]);
    expect(all.stdout).toContain("--backend route=  Where it goes.");
    for (const name of ["made-up-route", "made_up_route"]) {
      const { stdout } = await cli(["kinds", name, "/one"]);
      expect(stdout).toContain("--backend route=/one\nThe first.");
      expect(stdout).toContain("It has no fields.");
    }
    const { stderr } = await cli(["kinds", "made-up-route", "/onee"]);
    expect(stderr).toContain('There is no route kind /onee. Did you mean "/one"?');
  });

  test("are JSON for programs: all, of a family, and one", async () => {
    const read = async (...words: string[]) => JSON.parse((await cli(["kinds", "--json", ...words])).stdout);
    const [backend, ...others] = await read();
    expect(backend).toMatchObject({ family: "backend", option: "--backend kind=", description: expect.any(String) });
    expect(others.map(({ family }: { family: string }) => family)).toContain("made-up-route");
    const [{ kinds: routes }] = await read("made-up-route");
    expect(routes).toEqual([
      {
        kind: "/one",
        aliases: [],
        summary: "The first.",
        available: true,
        package: "made-up",
        version: "1.2.3",
        fields: [],
      },
    ]);
    const [{ kinds: one }] = await read("backend", "made_up");
    expect(one.map(({ kind }: { kind: string }) => kind)).toEqual(["made_up"]);
    expect(one[0].fields).toContainEqual({
      name: "model",
      type: "text",
      required: false,
      default: "m",
      description: expect.any(String),
    });
    expect(one[0].fields).toContainEqual(expect.objectContaining({ name: "target", required: true, default: null }));
  });

  test.each([
    [["kinds", "bakend"], 'Did you mean "backend"?'],
    [["kinds", "backend", "made_op"], 'Did you mean "made_up"?'],
  ])("%j names the nearest", async (words, text) => {
    const { code, stderr } = await cli(words);
    expect([code, stderr.includes(text)]).toEqual([EXIT_CODES.usage.code, true]);
  });
});

test("the schema is JSON and knows what is registered", async () => {
  const { stdout } = await cli(["schema"]);
  const { backend, profile } = JSON.parse(stdout).properties.spec.properties;
  expect(backend.oneOf.map(({ title }: { title: string }) => title)).toContain("made_up");
  expect(profile.default).toEqual({ kind: "sweep" });
});

describe("where values come from", () => {
  writeFileSync(
    join(folder, "run.yaml"),
    [
      "metadata: { labels: { from: file } }",
      "spec:",
      "  backend: { kind: made_up, target: file, model: file }",
      "  profile: { kind: sweep, sweep_size: 5 }",
      "  data-loader: pytorch",
      "  constraint: kind=max_requests,count=3",
    ].join("\n"),
  );
  const FILE = ["--config", "run.yaml", ...DATA];

  test("options win over the environment, that over the file, that over the defaults", async () => {
    const environment = { GOODPUT__SPEC__BACKEND__TARGET: "env", GUIDELLM__SPEC__BACKEND__TARGET: "alias" };
    expect((await resolved(FILE)).spec.backend).toMatchObject({ target: "file", model: "file", api_key: null });
    expect((await resolved(FILE, environment)).spec.backend).toMatchObject({ target: "env", model: "file" });
    const { spec } = await resolved([...FILE, "--backend", "kind=made_up,target=option"], environment);
    expect(spec.backend).toMatchObject({ target: "option", model: "file" });
  });

  test("another kind on the command line forgets the fields of the file's", async () => {
    const { spec } = await resolved([...FILE, "--profile", "kind=concurrent,streams=2"]);
    expect(spec.profile).toMatchObject({ kind: "concurrent", streams: [2] });
    expect(spec.profile).not.toHaveProperty("sweep_size");
  });

  test("either spelling of a name is one field", async () => {
    const { spec } = await resolved([...FILE, "--data-loader", "kind=pytorch"]);
    expect(spec.data_loader.kind).toBe("pytorch");
    expect(spec.constraints).toEqual([expect.objectContaining({ kind: "max_requests", count: [3] })]);
  });

  test("labels of the file and of options are merged", async () => {
    const { metadata } = await resolved([...FILE, "--label", "gpu=H100", "-l", "note=a=b"]);
    expect(metadata.labels).toEqual({ from: "file", gpu: "H100", note: "a=b" });
  });

  test("the defaults are those that the help states", async () => {
    const { spec } = await resolved([...BACKEND, ...DATA]);
    expect(spec).toMatchObject({ profile: { kind: "sweep" }, tokenizer: { kind: "builtin" }, grace_seconds: 10 });
    expect(spec.outputs.map(({ kind }: { kind: string }) => kind)).toEqual(["json", "csv"]);
  });
});

describe("overrides", () => {
  const words = [
    ...BACKEND,
    ...DATA,
    "--profile",
    "kind=concurrent,streams=1",
    "--constraint",
    "kind=max_duration,seconds=9",
  ];

  test("are one benchmark for each value; one that is left out keeps the value of the spec", async () => {
    const { spec, benchmarks } = await resolved([
      ...words,
      ...["--override", "profile.streams", "1,2,4", "--override", "constraint[0].seconds", "5,,7"],
    ]);
    expect(spec.profile.streams).toEqual([1, 2, 4]);
    expect(spec.constraints[0].seconds).toEqual([5, 9, 7]);
    expect(benchmarks).toHaveLength(3);
  });

  test.each([
    [["--override", "profile.streams"], "--override needs 2 values"],
    [["--override", "profil.streams", "1,2"], 'did you mean "profile"'],
    [["--override", "profile.streams", "1,x"], "profile.streams"],
  ])("%j is refused", async (override, text) => {
    const { code, stdout, stderr } = await cli(["run", "--dry-run", ...words, ...override]);
    expect([code, stdout]).toEqual([EXIT_CODES.usage.code, ""]);
    expect(stderr).toContain(text);
  });
});

describe("objectives and recorded arrivals", () => {
  test("objectives are a list, written in one way", async () => {
    const words = [...BACKEND, ...DATA, "--objective", "ttft.p99 <= 0.2s", "--objective", "errors<=1%"];
    expect((await resolved(words)).spec.objectives).toEqual(["ttft.p99<=200ms", "errors<=1%"]);
  });

  test("a schedule that is replayed is the profile, and no limit of the file cuts it short", async () => {
    writeFileSync(join(folder, "limits.yaml"), "spec: { constraints: [{ kind: max_requests, count: 3 }] }");
    const words = [...BACKEND, ...DATA, "--config", "limits.yaml", "--replay-schedule", "old.json"];
    const { spec } = await resolved(words);
    expect(spec.profile).toMatchObject({ kind: "recorded", path: "old.json" });
    expect(spec.constraints).toEqual([]);
    const limited = await resolved([...words, "--constraint", "kind=max_errors,count=1"]);
    expect(limited.spec.constraints).toMatchObject([{ kind: "max_errors" }]);
  });

  test.each([
    [["--objective", "tfft<=1ms"], "did you mean ttft"],
    [["--objective", "ttft"], "must be like ttft.p99<=200ms"],
    [["--profile", "kind=goodput"], "slo.ttft_ms=200"],
    [["--profile", "kind=search"], "--objective"],
    [["--profile", '{"kind":"steps","segments":[{"seconds":0,"rate":1}]}'], "seconds that must be > 0"],
    [["--profile", '{"kind":"steps","segments":[{"seconds":1,"rate":0}]}'], "a rate above 0 somewhere"],
    [["--profile", '{"kind":"steps","segments":[{"seconds":1,"rate":1,"x":1}]}'], "no field but"],
    [["--profile", "kind=gamma,rate=1,rampup_duration=1,rampup_shape=round"], "linear, exponential"],
  ])("%j is refused", async (words, text) => {
    const { code, stderr } = await cli(["run", "--dry-run", ...BACKEND, ...DATA, ...words]);
    expect(code).toBe(EXIT_CODES.usage.code);
    expect(stderr).toContain(text);
  });
});

describe("secrets", () => {
  test("a key is masked in a dry run and in env", async () => {
    const { spec } = await resolved(["--backend", "kind=made_up,target=t,api_key=sk-hidden", ...DATA]);
    expect(spec.backend.api_key).toMatch(/^\*+$/);
    const { stdout } = await cli(["env"], {
      GOODPUT__SPEC__BACKEND__API_KEY: "sk-hidden",
      GOODPUT__SPEC__WORKERS: "2",
    });
    expect(stdout).not.toContain("sk-hidden");
    expect(stdout).toContain('GOODPUT__SPEC__WORKERS="2"  # spec.workers');
  });

  test("a variable that means nothing is told", async () => {
    const { stdout } = await cli(["env"], { GOODPUT_TARGET: "x" });
    expect(stdout).toContain("GOODPUT_TARGET is set and means nothing here");
  });
});

test.each([
  [["--backend=kind=made_up,target=a=b"], "a=b"],
  [["--backend", 'kind=made_up,target="a,b"'], "a,b"],
  [["--backend", '{"kind": "made_up", "target": "x"}'], "x"],
  [["--backend", "kind: made_up\ntarget: y"], "y"],
])("the backend %j has its target", async (words, target) => {
  expect((await resolved([...words, ...DATA])).spec.backend.target).toBe(target);
});
