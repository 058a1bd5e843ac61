import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Backend, createBackend } from "@core/backend";
import { afterAll, expect, jest, test } from "@jest/globals";
import "../src/index.js";
import { VERSION } from "../src/version.js";
import { ask } from "./support/ask.js";

jest.setTimeout(60_000);

const FAKE = fileURLToPath(new URL("support/fake-bridge.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "protocol-"));

afterAll(() => rmSync(folder, { recursive: true }));

/** A backend whose other side is no Python but a program that breaks the protocol. */
function faulty(fault: string): Backend {
  const python = join(folder, fault);
  writeFileSync(python, `#!/bin/sh\nexec "${process.execPath}" "${FAKE}" ${fault} ${VERSION}\n`);
  chmodSync(python, 0o755);
  return createBackend({ kind: "vllm_python_async", model: "m", python });
}

async function answerOf(fault: string) {
  const backend = faulty(fault);
  await backend.startup();
  try {
    return (await ask(backend, { outputTokens: 2 })).terminal;
  } finally {
    await backend.shutdown();
  }
}

test("unknown messages and fields are left alone", async () => {
  expect(await answerOf("foreign-number")).toMatchObject({ type: "final", response: { text: "ab" } });
});

test("a request ends once, whatever comes later", async () => {
  expect(await answerOf("twice-ended")).toMatchObject({ type: "final", response: { text: "ab" } });
});

test("tokens that do not add up are an error", async () => {
  expect(await answerOf("wrong-sum")).toMatchObject({
    type: "partial",
    failure: { code: "VLLM_PYTHON_PROTOCOL", message: "The engine made 3 tokens, but 2 arrived." },
  });
});

test("a request that the engine cuts by itself is an error", async () => {
  expect(await answerOf("cut-by-engine")).toMatchObject({
    type: "partial",
    reason: "errored",
    failure: { code: "VLLM_PYTHON_GENERATION_FAILED" },
  });
});

test.each(["unknown-record", "broken-frame", "not-a-message"])("%s ends the engine and its requests", async (fault) => {
  expect(await answerOf(fault)).toMatchObject({
    type: "partial",
    reason: "errored",
    failure: { code: "VLLM_PYTHON_PROTOCOL" },
  });
});

test.each([
  ["other-version", "VLLM_PYTHON_PROTOCOL", "9.9.9"],
  ["exit-before-hello", "VLLM_PYTHON_PROCESS_EXITED", "had written nothing"],
])("%s is refused at the start", async (fault, code, message) => {
  await expect(faulty(fault).startup()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});
