import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "@jest/globals";

const SERVE = fileURLToPath(import.meta.resolve("@core/mock-server/serve"));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function start(words: readonly string[]) {
  const child = spawn(process.execPath, [SERVE, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return child;
}

test("prints one line with its port, serves, and ends well on SIGTERM with a reply running", async () => {
  const child = start(["--port", "0", "--ttft-ms", "0", "--itl-ms", "600000", "--model", "m"]);
  const lines: string[] = [];
  const reader = createInterface(child.stdout).on("line", (line) => lines.push(line));
  await once(reader, "line");
  const { port } = JSON.parse(lines[0] ?? "") as { port: number };
  const body = JSON.stringify({ prompt: "hello", stream: true });
  const response = await fetch(`http://127.0.0.1:${port}/v1/completions`, { method: "POST", body });
  expect(response.status).toBe(200);
  const broken = expect(response.text()).rejects.toThrow();
  const closed = once(child, "close");
  child.kill("SIGTERM");
  expect(await closed).toEqual([0, null]);
  await broken;
  expect(lines).toHaveLength(1);
});

test("says what is wrong with its options and exits with 2", async () => {
  const child = start(["--ttft", "5"]);
  const [message, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect(code).toBe(2);
  expect(message).toContain('did you mean "ttft_ms"?');
});
