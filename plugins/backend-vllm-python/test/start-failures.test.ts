import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBackend } from "@core/backend";
import { afterAll, expect, jest, test } from "@jest/globals";
import "../src/index.js";
import { PYTHON, pythonTest, STAND_IN, standInArgs } from "./support/stand-in.js";

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), "start-"));

afterAll(() => rmSync(folder, { recursive: true }));

async function startError(args: Readonly<Record<string, unknown>>) {
  const backend = createBackend(args as { kind: string });
  return backend.startup().then(
    () => backend.shutdown().then(() => Promise.reject(new Error("it started"))),
    ({ code, message, hint }: { code: string; message: string; hint: string }) => ({ code, message, hint }),
  );
}

/** A program in place of Python. */
function program(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

test("no Python", async () => {
  const error = await startError(standInArgs({}, { python: "no-such-python" }));
  expect(error).toMatchObject({ code: "VLLM_PYTHON_NOT_FOUND", hint: expect.stringContaining("python=") });
  expect(error.message).toContain('"no-such-python": ENOENT');
});

test("a Python that is too old says so", async () => {
  const python = program("old", "echo 'The bridge to vLLM needs Python 3.9 or newer, this is 3.6' >&2; exit 3");
  expect(await startError(standInArgs({}, { python }))).toMatchObject({
    code: "VLLM_PYTHON_TOO_OLD",
    message: expect.stringContaining("this is 3.6"),
  });
});

test("a program that is no Python is shown with what it wrote", async () => {
  const python = program("other", "printf 'usage: \\033[31mother\\n'; exit 9");
  const error = await startError(standInArgs({}, { python }));
  expect(error).toMatchObject({ code: "VLLM_PYTHON_PROCESS_EXITED" });
  expect(error.message).toContain("exit code 9");
  expect(error.message).toContain("usage: other"); // the colour is gone
});

pythonTest("no vLLM", async () => {
  const python = program("bare", `exec ${PYTHON} -S "$@"`); // what is installed is not seen
  const error = await startError(standInArgs({}, { python, env: { PYTHONPATH: folder } }));
  expect(error).toMatchObject({ code: "VLLM_PYTHON_VLLM_MISSING", hint: expect.stringContaining("pip install vllm") });
});

pythonTest("a vLLM that is too old", async () => {
  const error = await startError(standInArgs({}, { env: { PYTHONPATH: STAND_IN, STANDIN_PROFILE: "v0_7" } }));
  expect(error).toMatchObject({ code: "VLLM_PYTHON_VLLM_TOO_OLD", message: expect.stringContaining("0.7.3") });
});

pythonTest("a vLLM whose metadata is missing", async () => {
  mkdirSync(join(folder, "broken/vllm"), { recursive: true });
  writeFileSync(
    join(folder, "broken/vllm/__init__.py"),
    "import importlib.metadata\nimportlib.metadata.version('vllm')\n",
  );
  const error = await startError(standInArgs({}, { env: { PYTHONPATH: join(folder, "broken") } }));
  expect(error).toMatchObject({ code: "VLLM_PYTHON_VLLM_MISSING", hint: expect.stringContaining("dist-info") });
});

pythonTest("unknown engine arguments, all of them, with what was meant", async () => {
  const error = await startError(standInArgs({}, { vllm_config: { max_model_length: 5, device: "cpu" } }));
  expect(error.code).toBe("VLLM_PYTHON_INVALID_ENGINE_ARGS");
  expect(error.message).toContain("did you mean max_model_len?");
  expect(error.message).toContain("removed in vLLM 0.10");
});

pythonTest.each([
  ["CUDA out of memory. Tried to allocate 2 GiB", "VLLM_PYTHON_OUT_OF_MEMORY"],
  ["Failed to infer device type", "VLLM_PYTHON_DEVICE_UNAVAILABLE"],
  ["m is not a local folder and is not a valid model identifier", "VLLM_PYTHON_MODEL_NOT_FOUND"],
  ["something else", "VLLM_PYTHON_START_FAILED"],
])("a start that fails with %j", async (text, code) => {
  const error = await startError(standInArgs({ load_error: text }));
  expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
  const refersToLog = ["VLLM_PYTHON_OUT_OF_MEMORY", "VLLM_PYTHON_START_FAILED"].includes(code);
  expect(error.message.includes("From its log:")).toBe(refersToLog);
});

pythonTest("a start that takes too long is ended", async () => {
  const error = await startError(standInArgs({ load_s: 600 }, { startup_timeout: 0.7 }));
  expect(error).toMatchObject({ code: "VLLM_PYTHON_STARTUP_TIMEOUT" });
  expect(error.message).toContain("Starting to load model");
});

test("a template that is none is refused before anything starts", async () => {
  const error = await startError(standInArgs({}, { request_format: "chat_completions", python: PYTHON }));
  expect(error).toMatchObject({ code: "VLLM_PYTHON_TEMPLATE", hint: expect.stringContaining("default-template") });
});
