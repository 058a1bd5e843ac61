import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import * as v from "valibot";
import { revealArgs, SECRET_MASK, Secret } from "./secret.js";
import { headersField, secretField } from "./secret-field.js";

const VARIABLE = "GOODPUT_TEST_SECRET";
const schema = v.strictObject({ api_key: secretField("The key."), headers: v.optional(headersField("Headers.")) });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "secret-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  delete process.env[VARIABLE];
});

function problemsOf(input: unknown): string {
  const result = v.safeParse(schema, input);
  if (result.success) throw new Error("was accepted");
  return result.issues.map((issue) => issue.message).join("\n");
}

function write(text: string): string {
  const file = join(folder, "key");
  writeFileSync(file, text);
  return file;
}

describe("secretField", () => {
  test("masks a literal wherever it is written and reveals it on request alone", () => {
    const { api_key: key } = v.parse(schema, { api_key: "s3cret" });
    expect(key.reveal()).toBe("s3cret");
    expect(JSON.stringify({ key })).toBe(`{"key":"${SECRET_MASK}"}`);
    expect(`${key}`).toBe(SECRET_MASK);
    expect(inspect({ key }, { showHidden: true })).not.toContain("s3cret");
  });

  test("reads the environment and keeps the reference for reports", () => {
    process.env[VARIABLE] = "from-env";
    const args = v.parse(schema, { api_key: { env: VARIABLE } });
    expect(args.api_key.reveal()).toBe("from-env");
    const replayed: unknown = JSON.parse(JSON.stringify(args));
    expect(replayed).toEqual({ api_key: { env: VARIABLE } });
    expect(v.parse(schema, replayed).api_key.reveal()).toBe("from-env");
  });

  test("reads the first line of a file", () => {
    const file = write("  from-file \r\nsecond");
    expect(v.parse(schema, { api_key: { file } }).api_key.reveal()).toBe("from-file");
  });

  test("names a variable or file that gives nothing", () => {
    expect(problemsOf({ api_key: { env: VARIABLE } })).toBe(
      `names the environment variable ${VARIABLE}, which is not set`,
    );
    process.env[VARIABLE] = "";
    expect(problemsOf({ api_key: { env: VARIABLE } })).toMatch(/not set/);
    const missing = join(folder, "missing");
    expect(problemsOf({ api_key: { file: missing } })).toBe(`names the file ${missing}, which cannot be read (ENOENT)`);
    const empty = write("\n");
    expect(problemsOf({ api_key: { file: empty } })).toBe(`names the file ${empty}, which is empty`);
  });

  test("refuses the mask of a report", () => {
    const masked: unknown = JSON.parse(JSON.stringify(v.parse(schema, { api_key: "s3cret" })));
    expect(problemsOf(masked)).toMatch(/mask of an earlier report.*give the key again/);
  });

  test.each([12345678, true, { env: 1 }, { env: "A", file: "b" }, ["s3cret"]])(
    "refuses %p without showing it",
    (given) => {
      const problems = problemsOf({ api_key: given });
      expect(problems).toMatch(/must be text/);
      expect(problems).not.toMatch(/12345678|s3cret/);
    },
  );

  test("accepts a Secret, so that validated args validate again", () => {
    const args = v.parse(schema, { api_key: "s3cret" });
    expect(v.parse(schema, args).api_key.reveal()).toBe("s3cret");
  });
});

describe("headersField", () => {
  const headers = { Authorization: "Bearer s3cret", "X-Api-Key": "s3cret", Accept: "text/plain" };

  test("keeps plain headers as text and hides those that carry credentials", () => {
    const args = v.parse(schema, { api_key: "s3cret", headers });
    expect(args.headers?.["Accept"]).toBe("text/plain");
    expect(JSON.stringify(args)).not.toContain("s3cret");
    expect(revealArgs(args)).toEqual({ api_key: "s3cret", headers });
  });

  test("names the header that is refused, not its value", () => {
    expect(problemsOf({ api_key: "x", headers: { Accept: 1, Authorization: SECRET_MASK } })).toMatch(
      /header Accept must/,
    );
    expect(problemsOf({ api_key: "x", headers: { Authorization: SECRET_MASK } })).toMatch(
      /header Authorization is the mask/,
    );
    expect(problemsOf({ api_key: "x", headers: "Authorization: s3cret" })).not.toContain("s3cret");
  });
});

describe("revealArgs", () => {
  test("copies deeply and leaves the args as they are", () => {
    const args = { list: [new Secret("a")], plain: 1, none: null };
    expect(revealArgs(args)).toEqual({ list: ["a"], plain: 1, none: null });
    expect(Secret.isInstance(args.list[0])).toBe(true);
  });
});
