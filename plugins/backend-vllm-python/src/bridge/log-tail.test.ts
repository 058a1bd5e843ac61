import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { expect, test } from "@jest/globals";
import { LogTail } from "./log-tail.js";
import { startProgress } from "./start-progress.js";

async function tailOf(...chunks: readonly string[]) {
  const lines: string[] = [];
  const tail = new LogTail((line) => lines.push(line));
  const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  tail.follow(stream);
  await finished(stream);
  return { tail, lines };
}

test("lines end at a line feed, a carriage return, or the end, wherever the pieces are cut", async () => {
  const { lines } = await tailOf("one\ntw", "o\r\n10%\r50", "%\r\n\nlast");
  expect(lines).toEqual(["one", "two", "10%", "50%", "last"]);
});

test("what would act on a terminal is dropped", async () => {
  const { lines } = await tailOf("\u001b[31mred\u001b[0m \u0007bell\u009b2J\n");
  expect(lines).toEqual(["red bell2J"]);
});

test("keeps the last 400 lines, and of long ones the beginning", async () => {
  const { tail } = await tailOf(
    Array.from({ length: 500 }, (_, index) => `line ${index}\n`).join(""),
    `${"x".repeat(9_999)}\n`,
  );
  expect(tail.last(1_000)).toHaveLength(400);
  expect(tail.last(2)[0]).toBe("line 499");
  expect(tail.last(1)[0]).toHaveLength(2_000);
});

test("of a failure those lines are shown that speak of it", async () => {
  const quiet = "INFO 01-02 [x.py:1] all is well\n".repeat(30);
  const trace =
    "(EngineCore pid=1) ERROR 01-02 [core.py:1] Traceback\nTraceback (most recent call last):\n  File x\ntorch.OutOfMemoryError: no\n";
  const { tail } = await tailOf(quiet, trace, quiet);
  expect(tail.ofFailure(20)).toEqual([
    "(EngineCore pid=1) ERROR 01-02 [core.py:1] Traceback",
    "Traceback (most recent call last):",
    "torch.OutOfMemoryError: no",
  ]);
  expect((await tailOf("one\ntwo\n")).tail.ofFailure(1)).toEqual(["two"]);
});

test.each([
  ["(EngineCore pid=1) INFO 01-02 03:04:05 [x.py:1] Starting to load model /m...", "loading the model"],
  ["INFO 01-02 03:04:05 [x.py:1] Loading weights took 1.25 seconds", "weights loaded in 1.25 s"],
  ["INFO 01-02 03:04:05 [x.py:1] CPU KV cache size: 524,288 tokens", "KV cache of 524,288 tokens"],
  ["INFO init engine (profile, create kv cache, warmup model) took 2.90 s", "engine initialised in 2.90 s"],
  ["INFO something else", null],
])("%j says %j", (line, said) => {
  expect(startProgress(line)).toBe(said);
});
