import { readFileSync } from "node:fs";
import { createBackend, createFakeClock, RequestTimings, type ResolveEvent } from "@core/backend";
import { createContractRequest } from "@core/backend-testkit";
import { describe, expect, test } from "@jest/globals";
import "../src/index.js";
import { VERSION } from "../src/version.js";

async function ask(args: Record<string, unknown>, text: string, outputTokens: number | null): Promise<ResolveEvent> {
  const backend = createBackend({ kind: "echo", ...args });
  await backend.startup();
  const context = {
    signal: new AbortController().signal,
    timings: new RequestTimings(),
    clock: createFakeClock(),
    keepText: true,
  };
  const events: ResolveEvent[] = [];
  const prepared = backend.prepare(createContractRequest({ text, outputTokens }), null);
  for await (const event of backend.resolve(prepared, context)) events.push(event);
  await backend.shutdown();
  const last = events.at(-1);
  if (last === undefined) throw new Error("no event");
  return last;
}

describe("EchoBackend", () => {
  test("answers with the words of the prompt", async () => {
    const event = await ask({}, "a  b\nc", null);
    expect(event).toMatchObject({ type: "final", response: { text: "a b c", outputMetrics: { text_tokens: 3 } } });
  });

  test("repeats the words up to the requested length", async () => {
    expect(await ask({}, "a b", 5)).toMatchObject({ response: { text: "a b a b a" } });
  });

  test("prefers the configured number of tokens", async () => {
    expect(await ask({ tokens: "1" }, "a b", 5)).toMatchObject({ response: { text: "a" } });
  });

  test("refuses a request without text before it is sent", async () => {
    await expect(ask({}, " ", null)).rejects.toMatchObject({ code: "CORE_BACKEND_UNUSABLE_REQUEST" });
  });

  test("states the version of its package", () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    expect(manifest).toMatchObject({ version: VERSION, coreBackend: { contract: 1, kinds: ["echo"] } });
  });
});
