import { secretField } from "@core/registry";
import { beforeEach, describe, expect, test } from "@jest/globals";
import * as v from "valibot";
import { Backend, type BackendArgs } from "./backend.js";
import { createBackend, isBackendArgs, parseBackendArgs, registerBackend } from "./backend-registry.js";
import { createFakeClock } from "./clock.js";
import { CLOCK, createScope, LOGGER } from "./di.js";
import type { PreparedRequest } from "./request.js";
import type { ResolveEvent } from "./resolve-event.js";
import { withModel } from "./with-model.js";

class ProbeBackend extends Backend {
  calls: string[] = [];
  startFails = false;

  async validate(): Promise<void> {
    this.assertStarted("validate");
  }

  async models(): Promise<readonly string[]> {
    return ["probe"];
  }

  async defaultModel(): Promise<string> {
    return "probe";
  }

  prepare(): PreparedRequest {
    throw new Error("not needed");
  }

  // biome-ignore lint/correctness/useYield: nothing to yield
  async *resolve(): AsyncGenerator<ResolveEvent> {
    throw new Error("not needed");
  }

  protected async start(): Promise<void> {
    this.calls.push("start");
    if (this.startFails) throw new Error("no");
  }

  protected async stop(): Promise<void> {
    this.calls.push("stop");
  }
}

const schema = v.strictObject({ kind: v.literal("probe"), api_key: secretField("The key.") });
let backend: ProbeBackend;

beforeEach(() => {
  backend = new ProbeBackend({ kind: "probe" });
});

describe("Backend", () => {
  test("starts once at a time, also while starting", async () => {
    const starting = backend.startup();
    await expect(backend.startup()).rejects.toMatchObject({ code: "CORE_BACKEND_ALREADY_STARTED" });
    await starting;
    await expect(backend.startup()).rejects.toMatchObject({ code: "CORE_BACKEND_ALREADY_STARTED" });
    expect(backend.calls).toEqual(["start"]);
  });

  test("can be started again after shutdown and after a failed start", async () => {
    backend.startFails = true;
    await expect(backend.startup()).rejects.toThrow("no");
    await backend.shutdown();
    backend.startFails = false;
    await backend.startup();
    await backend.shutdown();
    await backend.shutdown();
    await backend.startup();
    expect(backend.calls).toEqual(["start", "start", "stop", "start"]);
  });

  test("refuses calls before startup, naming the caller", async () => {
    await expect(backend.validate()).rejects.toMatchObject({
      code: "CORE_BACKEND_NOT_STARTED",
      message: "validate was called before startup of the backend probe.",
    });
  });

  test("is recognised by brand", () => {
    expect(backend instanceof Backend).toBe(true);
    expect({ kind: "probe" } instanceof Backend).toBe(false);
    expect((null as unknown) instanceof Backend).toBe(false);
  });
});

describe("createBackend", () => {
  registerBackend({
    contract: 1,
    kind: "probe",
    packageName: "test",
    packageVersion: "1.0.0",
    summary: "Probe.",
    argsSchema: schema,
    create: (args, scope) => {
      const created = new ProbeBackend(args);
      created.calls.push(String(scope.resolve<{ nowNs(): number }>(CLOCK).nowNs() >= 0), typeof scope.resolve(LOGGER));
      return created;
    },
  });
  const open: BackendArgs & Record<string, unknown> = { kind: "Probe", api_key: "s3cret" };

  test("validates, then creates with a clock and a logger", () => {
    const created = createBackend(open) as ProbeBackend;
    expect(created.kind).toBe("probe");
    expect(created.calls).toEqual(["true", "object"]);
    expect(created.info).toEqual({ kind: "probe", api_key: "**********" });
    expect(() => createBackend({ kind: "prob" } as BackendArgs)).toThrow(/Did you mean "probe"/);
  });

  test("takes the scope of the host", () => {
    const scope = createScope();
    scope.register(CLOCK, { useValue: createFakeClock(-1) });
    scope.register(LOGGER, { useValue: "logger" });
    expect((createBackend(open, scope) as ProbeBackend).calls).toEqual(["false", "string"]);
  });

  test("parses open input that isBackendArgs narrows", () => {
    const args = parseBackendArgs(open);
    expect(isBackendArgs(args, "probe" as never)).toBe(true);
    expect(isBackendArgs(args, "other" as never)).toBe(false);
  });
});

describe("withModel", () => {
  test("fills in a model that was left open, and nothing else", () => {
    const open = { kind: "x", model: "" };
    expect(withModel(open, "m")).toEqual({ kind: "x", model: "m" });
    expect(open.model).toBe("");
    const named = { kind: "x", model: "given" };
    expect(withModel(named, "m")).toBe(named);
    const without = { kind: "x" };
    expect(withModel(without, "m")).toBe(without);
  });
});
