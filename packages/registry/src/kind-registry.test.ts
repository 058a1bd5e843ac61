import { inspect } from "node:util";
import { beforeEach, describe, expect, test } from "@jest/globals";
import * as v from "valibot";
import { withDefault } from "./field.js";
import { KindRegistry } from "./kind-registry.js";
import { integerField, numberField, textField } from "./scalar-fields.js";
import { secretField } from "./secret-field.js";

const schema = v.strictObject({
  kind: v.literal("sweep"),
  target: textField("Where to send."),
  size: withDefault(integerField("Number of steps.", { minimum: 2 }), 10),
  share: withDefault(numberField("A share.", { exclusiveMinimum: 0, maximum: 1 }), 0.5),
});

let family = 0;
let registry: KindRegistry<string>;
const definition = {
  contract: 1 as const,
  kind: "sweep" as const,
  aliases: ["swp"],
  packageName: "a",
  packageVersion: "1.0.0",
  summary: "Steps.",
  argsSchema: schema,
  create: (args: v.InferOutput<typeof schema>) => `${args.target}:${args.size}`,
};

function message(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return `${(error as Error).message} ${(error as { hint?: string }).hint ?? ""}`;
  }
  throw new Error("did not throw");
}

beforeEach(() => {
  family += 1;
  registry = new KindRegistry({ name: `test${family}`, label: "profile", option: "--profile" });
  registry.register(definition);
});

describe("KindRegistry", () => {
  test("validates in two steps, fills in defaults, creates", () => {
    const args = registry.parseArgs({ kind: "SWEEP", target: "x", size: "5" });
    expect(args).toEqual({ kind: "sweep", target: "x", size: 5, share: 0.5 });
    expect(registry.create(args, undefined)).toBe("x:5");
    expect(registry.parseArgs({ kind: "swp", target: "x" })).toMatchObject({ kind: "sweep" });
  });

  test("names unknown kinds with the nearest one and all registered", () => {
    expect(message(() => registry.parseArgs({ kind: "swep" }))).toMatch(
      /unknown profile kind "swep".*"sweep"[\s\S]*Registered kinds: sweep, swp/,
    );
    expect(message(() => registry.parseArgs({ size: 1 }))).toMatch(/needs a "kind"/);
    expect(message(() => registry.parseArgs("sweep"))).toMatch(/needs a "kind"/);
  });

  test("lists all issues at once with their paths", () => {
    const text = message(() =>
      registry.parseArgs({ kind: "sweep", size: 2.5, share: Number.NaN, sizze: 2 }, "profile"),
    );
    expect(text).toMatch(/profile\.target: is required/);
    expect(text).toMatch(/profile\.size: must be a whole number, got 2\.5/);
    expect(text).toMatch(/profile\.share: must be a finite number, got NaN/);
    expect(text).toMatch(/profile\.sizze: unknown key \(did you mean "size"\?\); allowed: target, size, share/);
  });

  test("the same package again is ignored, another one is refused", () => {
    registry.register({ ...definition });
    expect(registry.list()).toHaveLength(1);
    const text = message(() => registry.register({ ...definition, packageName: "b" }));
    expect(text).toMatch(/"sweep" is registered by two packages: a 1\.0\.0 and b 1\.0\.0/);
  });

  test("another copy of the class sees the same table", () => {
    const copy = new KindRegistry<string>(registry.family);
    expect(copy.find("sweep")?.packageName).toBe("a");
  });

  test("a kind that is not built validates but is not created", () => {
    const schema2 = v.strictObject({ kind: v.literal("knee") });
    registry.register({
      ...definition,
      kind: "knee",
      aliases: [],
      argsSchema: schema2,
      available: false,
      create: () => "",
    });
    const args = registry.parseArgs({ kind: "knee" });
    expect(message(() => registry.create(args, undefined))).toMatch(/"knee" is not built yet.*sweep/);
  });

  test("refuses a name that another kind has as its alias, whatever the case", () => {
    const other = { ...definition, packageName: "b", kind: "SWP" as string, aliases: [], argsSchema: schema };
    expect(message(() => registry.register(other))).toMatch(/"SWP" is registered by two packages/);
    expect(message(() => registry.register({ ...definition, packageVersion: "2.0.0" }))).toMatch(
      /a 1\.0\.0 and a 2\.0\.0/,
    );
  });

  test("refuses definitions that it cannot read", () => {
    const bad = (change: object): string =>
      message(() => registry.register({ ...definition, kind: "fresh", ...change } as unknown as typeof definition));
    expect(bad({ contract: 2 })).toMatch(/contract 2; this version reads contract 1/);
    expect(bad({ kind: "" })).toMatch(/no name/);
    expect(bad({ argsSchema: {} })).toMatch(/no args schema/);
    expect(bad({ create: undefined })).toMatch(/no create function/);
  });

  test("refuses an asynchronous schema", () => {
    const argsSchema = v.pipeAsync(
      v.unknown(),
      v.checkAsync(async () => true),
    );
    registry.register({ ...definition, kind: "later", aliases: [], argsSchema } as unknown as typeof definition);
    expect(message(() => registry.parseArgs({ kind: "later" }))).toMatch(/asynchronous schema/);
  });

  test("never shows a secret in a message", () => {
    const secretSchema = v.strictObject({
      kind: v.literal("keyed"),
      api_key: secretField("The key."),
      own_token: v.optional(v.number()),
      mapping: v.optional(integerField("A number.")),
    });
    registry.register({ ...definition, kind: "keyed", aliases: [], argsSchema: secretSchema, create: () => "" });
    for (const input of [
      { api_key: "s3cret" },
      { kind: "keyed", api_key: ["s3cret"] },
      { kind: "keyed", apikey: "s3cret" },
      { kind: "keyed", api_key: "x", own_token: "s3cret", mapping: { authorization: "s3cret" } },
    ]) {
      const problem = inspect(
        thrownBy(() => registry.parseArgs(input)),
        { depth: 10 },
      );
      expect(problem).not.toContain("s3cret");
    }
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("did not throw");
}
