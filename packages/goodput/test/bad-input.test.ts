import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type MockServer, startMockServer } from "@core/mock-server";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type Finished, removeFolders, runGoodput } from "./support/run-goodput.js";

jest.setTimeout(60_000); // whole processes are started, beside the tests of other packages

const BACKEND = ["--backend", "kind=openai_http,target=http://127.0.0.1:9"];
const DATA = ["--data", "kind=synthetic_text,prompt_tokens=8,output_tokens=2"];
const RIGHT_KEY = "api_key=the-right-key";
const WRONG_YAML = async (folder: string): Promise<void> =>
  writeFile(join(folder, "run.yaml"), "spec:\n  backend:\n    kind: openai_http\n    target: [oops\n");
const WRONG_KEY_YAML = async (folder: string): Promise<void> =>
  writeFile(join(folder, "run.yaml"), "spec:\n  profile: { kind: constant, rte: 4 }\n");

/** Name, words, exit code, what the message says: the place and the repair. */
const CASES: readonly (readonly [string, readonly string[], number, readonly string[]])[] = [
  ["no command", [], 2, ["Usage: goodput COMMAND"]],
  ["an unknown command", ["runn"], 2, ["no command runn", 'Did you mean "run"?']],
  ["a mistyped option", ["run", "--bakend", "x"], 2, ["no option --bakend", 'Did you mean "--backend"?']],
  [
    "an option of other tools",
    ["run", "--target", "http://x"],
    2,
    ["here it is --backend kind=openai_http,target=URL"],
  ],
  ["one of them at a command without it", ["kinds", "--target", "http://x"], 2, ["There is no option --target."]],
  ["an option without its value", ["run", "--backend"], 2, ["--backend needs a value"]],
  ["an option given twice", ["run", ...BACKEND, ...BACKEND, ...DATA], 2, ["--backend may be given only once"]],
  ["an option of another command", ["kinds", "--data", "x"], 2, ["no option --data"]],
  [
    "an unknown kind",
    ["run", "--backend", "kind=openai_htp,target=http://x", ...DATA],
    2,
    ['unknown backend kind "openai_htp"', 'Did you mean "openai_http"?', "from --backend"],
  ],
  [
    "an unknown key",
    ["run", "--backend", "kind=openai_http,target=http://x,tmeout=3", ...DATA],
    2,
    ["backend.tmeout: unknown key", 'did you mean "timeout"', "from --backend"],
  ],
  [
    "no target",
    ["run", "--backend", "kind=openai_http", ...DATA],
    2,
    ["backend.target: is required", "--backend kind=openai_http,target=http://localhost:8000"],
  ],
  ["no backend at all", ["run", ...DATA], 2, ["backend.target: is required\n", "--backend kind=openai_http,target="]],
  [
    "no streams",
    ["run", ...BACKEND, ...DATA, "--profile", "kind=concurrent"],
    2,
    ["profile.streams: is required (from --profile)", "--profile kind=concurrent,streams=..."],
  ],
  ["no data", ["run", ...BACKEND], 2, ["data: is required", "--data kind=synthetic_text"]],
  [
    "a target without scheme",
    ["run", "--backend", "kind=openai_http,target=localhost:8000", ...DATA],
    2,
    ["backend.target: must begin with http:// or https://", 'did you mean "http://localhost:8000"'],
  ],
  [
    "a target of another protocol",
    ["run", "--backend", "kind=openai_http,target=ftp://x", ...DATA],
    2,
    ["backend.target: must begin with http:// or https://"],
  ],
  [
    "a masked key",
    ["run", "--backend", "kind=openai_http,target=http://127.0.0.1:9,api_key=**********", ...DATA],
    2,
    ["backend.api_key: is the mask of an earlier report", "{env: NAME}"],
  ],
  [
    "a rate that is no number",
    ["run", ...BACKEND, ...DATA, "--profile", "kind=constant,rate=NaN"],
    2,
    ["profile.rate: must be a finite number", "from --profile"],
  ],
  [
    "a negative rate",
    ["run", ...BACKEND, ...DATA, "--profile", "kind=constant,rate=-3"],
    2,
    ["profile.rate: must be > 0, got -3", "from --profile"],
  ],
  [
    "a rate in words",
    ["run", ...BACKEND, ...DATA, "--profile", "kind=poisson,rate=fast"],
    2,
    ["profile.rate:", '"fast"', "from --profile"],
  ],
  [
    "an unknown plugin",
    ["run", ...BACKEND, ...DATA, "--plugin", "no-such-plugin"],
    2,
    ["--plugin: the package no-such-plugin cannot be found", "npm install no-such-plugin"],
  ],
  [
    "a missing configuration file",
    ["run", ...BACKEND, ...DATA, "--config", "none.yaml"],
    2,
    ["--config: none.yaml is neither a file nor a built-in scenario"],
  ],
  ["a folder as configuration file", ["run", "--config", "."], 2, ["--config"]],
  ["an unknown label form", ["run", ...BACKEND, ...DATA, "--label", "nothing"], 2, ["--label"]],
  [
    "an unknown override",
    ["run", ...BACKEND, ...DATA, "--override", "profil.rate", "1,2"],
    2,
    ["profil.rate", 'did you mean "profile"'],
  ],
  [
    "an override without its values",
    ["run", ...BACKEND, ...DATA, "--override", "profile.rate"],
    2,
    ["--override needs"],
  ],
  ["an unknown family", ["kinds", "bakend"], 2, ["no family bakend", 'Did you mean "backend"?']],
  ["an unknown schema", ["schema", "reports"], 2, ["no schema of reports", "goodput schema report"]],
  ["a bad option of the mock server", ["mock-server", "--ttft-ms", "-1"], 2, ["ttft_ms", "-1"]],
  [
    "an unreachable server",
    ["run", ...BACKEND, ...DATA],
    3,
    ["cannot be reached", "127.0.0.1:9", "Check that the server runs"],
  ],
];

function expectOneMessage(finished: Finished, parts: readonly string[]): void {
  for (const part of parts) expect(finished.stderr).toContain(part);
  expect(finished.stderr).not.toMatch(/^\s+at /m); // no stack
  expect(finished.stderr.match(/Error/g)?.length ?? 0).toBeLessThanOrEqual(1);
  expect(finished.stdout).toBe("");
}

describe("bad input", () => {
  afterAll(removeFolders);

  test.each(CASES)("%s", async (_name, words, code, parts) => {
    const finished = await runGoodput(words);
    expectOneMessage(finished, parts);
    expect(finished.code).toBe(code);
    expect(finished.files).toEqual([]);
  });

  test("a configuration file that is not YAML names the file and the line", async () => {
    const finished = await runGoodput(["run", "--config", "run.yaml", ...DATA], { setUp: WRONG_YAML });
    expectOneMessage(finished, ["run.yaml", "line"]);
    expect(finished.code).toBe(2);
    expect(finished.files).toEqual(["run.yaml"]);
  });

  test("an unknown key of a configuration file names the file", async () => {
    const finished = await runGoodput(["run", "--config", "run.yaml", ...BACKEND, ...DATA], { setUp: WRONG_KEY_YAML });
    expectOneMessage(finished, ["profile.rte: unknown key", 'did you mean "rate"', "run.yaml"]);
    expect(finished.code).toBe(2);
  });

  test("a wrong value of a variable names the variable", async () => {
    const finished = await runGoodput(["run", ...BACKEND, ...DATA], {
      env: { GOODPUT__SPEC__PROFILE: '{"kind": "constant", "rate": -1}' },
    });
    expectOneMessage(finished, ["profile.rate: must be > 0", "GOODPUT__SPEC__PROFILE"]);
    expect(finished.code).toBe(2);
  });
});

describe("bad input with a server that works", () => {
  let server: MockServer;
  const backendWith = (fields: string): string[] => ["--backend", `kind=openai_http,target=${server.url},${fields}`];

  beforeAll(async () => {
    server = await startMockServer({ port: 0, ttft_ms: 1, itl_ms: 0, api_key: "the-right-key" });
  });
  afterAll(async () => {
    await server.close();
    await removeFolders();
  });

  test.each([
    ["no limit", []],
    ["a limit that a healthy server never reaches", ["--constraint", "kind=max_errors,count=5"]],
  ])("several benchmarks that nothing ends: %s", async (_, limits) => {
    server.resetTruth();
    const finished = await runGoodput(["run", ...backendWith(RIGHT_KEY), ...DATA, ...limits]);
    expectOneMessage(finished, [
      "Nothing ends the first of 10 benchmarks",
      "--constraint kind=max_duration,seconds=30",
    ]);
    expect(finished.code).toBe(3);
    expect(finished.files).toEqual([]);
    expect(server.truthLog()).toEqual([]);
  });

  /** Name, fields of the backend, words, what the message says. */
  const refused: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
    ["a data file that is not there", RIGHT_KEY, ["--data", "kind=json_file,path=none.jsonl"], ["none.jsonl"]],
    ["a data file of another kind", RIGHT_KEY, ["--data", "kind=csv_file,path=data.txt"], ["data.txt"]],
    ["a kind that is not built yet", RIGHT_KEY, ["--data", "kind=parquet_file,path=data.parquet"], ["parquet_file"]],
    [
      "a model that the server does not have",
      `${RIGHT_KEY},model=no-such-model`,
      DATA,
      ["no-such-model", "goodput-mock"],
    ],
    ["a wrong key", "api_key=another-key", DATA, ["401", "validate_backend=false"]],
  ];

  test.each(refused)("%s", async (_name, fields, words, parts) => {
    server.resetTruth();
    const finished = await runGoodput(["run", ...backendWith(fields), ...words], {
      setUp: async (folder) => {
        await writeFile(join(folder, "data.txt"), "one\n");
        await writeFile(join(folder, "data.parquet"), "PAR1");
      },
    });
    expectOneMessage(finished, parts);
    expect(finished.stderr).not.toMatch(/the-right-key|another-key/);
    expect(finished.code).not.toBe(0);
    expect(finished.files).toEqual(["data.parquet", "data.txt"]);
    expect(server.truthLog()).toEqual([]);
  });

  test("a place that cannot be written is found before anything is sent", async () => {
    server.resetTruth();
    const finished = await runGoodput(["run", ...backendWith(RIGHT_KEY), ...DATA, "--output-dir", "taken/inside"], {
      setUp: (folder) => writeFile(join(folder, "taken"), "a file"),
    });
    expectOneMessage(finished, ["taken"]);
    expect(finished.code).toBe(6);
    expect(finished.files).toEqual(["taken"]);
    expect(server.truthLog()).toEqual([]);
  });
});
