import { expect, test } from "@jest/globals";
import { BACKEND_CONTRACT } from "../src/backend-contract.js";
import "./worker-plugin.mjs";

const SECRET = "s3cret-key";
const MODULE = new URL("worker-plugin.mjs", import.meta.url).href;

async function run(flaw: string): Promise<void> {
  const found = BACKEND_CONTRACT.find(({ name }) => name.startsWith("serves in worker threads"));
  const harness = { args: { kind: "threaded", flaw, api_key: SECRET }, secrets: [SECRET], close: async () => {} };
  await found?.run(harness, MODULE);
  expect(found?.needs).toEqual(["pluginModule"]);
}

test("a backend that serves in worker threads passes", () => run("none"));

test.each([
  ["fails-in-threads", "no threads here"],
  ["own-clock", "stamps on the clock of all threads"],
  ["other-info", "the same info in every thread"],
  ["secret-in-threads", "a worker shows a secret"],
])("%s is found", (flaw, message) => expect(run(flaw)).rejects.toThrow(message));
