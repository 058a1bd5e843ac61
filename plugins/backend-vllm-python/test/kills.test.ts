import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { createBackend } from "@core/backend";
import { afterEach, expect, jest } from "@jest/globals";
import "../src/index.js";
import { ask } from "./support/ask.js";
import { bridgeOf, coreOf, eventually, guardiansOf, killHard, MARK, markedProcesses } from "./support/processes.js";
import { pythonTest, standInArgs } from "./support/stand-in.js";

jest.setTimeout(120_000);

const OWNER = fileURLToPath(new URL("support/engine-owner.mjs", import.meta.url));
const ENDLESS = 1_000_000;
const IN_PROCESS_KILLS = 40;
const NODE_KILLS = 10;
const DEATHS = ["VLLM_PYTHON_PROCESS_EXITED", "VLLM_PYTHON_ENGINE_DEAD"];

let nextMark = 0;

/** Args of an engine whose processes can be found. */
function markedArgs(script: Readonly<Record<string, unknown>> = {}) {
  nextMark += 1;
  const mark = `${process.pid}-${nextMark}`;
  const more = { env: { [MARK]: mark }, vllm_config: { max_model_len: 2 * ENDLESS } };
  return { mark, args: standInArgs({ itl_ms: 1, ...script }, more) };
}

function folders(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith("gp-vllm-"));
}

const before = new Set(folders());

afterEach(async () => {
  await eventually(() => folders().every((name) => before.has(name)), "the engine's folder is removed");
});

/** A small generator of repeatable numbers in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function noneLeft(mark: string, group: number | undefined): Promise<void> {
  await eventually(() => markedProcesses(mark).length === 0, "no process of the engine is left");
  if (group !== undefined) await eventually(() => guardiansOf(group).length === 0, "no guardian is left");
}

/** Starts an engine with three endless requests, kills as told, and returns what became of the requests. */
async function killed(script: Readonly<Record<string, unknown>>, kill: (mark: string) => void | Promise<void>) {
  const { mark, args } = markedArgs(script);
  const backend = createBackend(args);
  await backend.startup();
  const group = bridgeOf(markedProcesses(mark))?.pid;
  let tokens = 0;
  const onFirstToken = (): void => {
    tokens += 1;
  };
  const running = [1, 2, 3].map(() => ask(backend, { outputTokens: ENDLESS, onFirstToken }));
  await eventually(() => tokens === 3, "all requests have begun");
  await kill(mark);
  const answers = await Promise.all(running);
  const late = await ask(backend);
  await backend.shutdown();
  await noneLeft(mark, group);
  return { failures: answers.map(({ terminal }) => failureOf(terminal)), late: failureOf(late.terminal) };
}

function failureOf(terminal: Awaited<ReturnType<typeof ask>>["terminal"]) {
  if (terminal.type !== "partial") throw new Error("the request completed");
  return terminal.failure;
}

pythonTest("kill -9 of Python: every request fails and says so, nothing is left", async () => {
  const { failures, late } = await killed({}, (mark) => killHard(bridgeOf(markedProcesses(mark))?.pid));
  for (const failure of failures) {
    expect(failure).toMatchObject({ code: "VLLM_PYTHON_PROCESS_EXITED", phase: "stream" });
    expect(failure.message).toContain("killed by SIGKILL");
  }
  expect(late).toMatchObject({ code: "VLLM_PYTHON_PROCESS_EXITED", phase: "connect" });
});

pythonTest("kill -9 of the engine's core: every request fails as engine dead, nothing is left", async () => {
  const { failures, late } = await killed({}, (mark) => killHard(coreOf(markedProcesses(mark))?.pid));
  for (const failure of failures) {
    expect(failure).toMatchObject({ code: "VLLM_PYTHON_ENGINE_DEAD", phase: "stream" });
    expect(failure.message).toContain("EngineCore encountered an issue");
  }
  expect(late).toMatchObject({ code: "VLLM_PYTHON_ENGINE_DEAD", phase: "connect" });
});

pythonTest("a core that a fork has made does not hide the death of Python", async () => {
  const { failures } = await killed({ core: "fork" }, (mark) => killHard(bridgeOf(markedProcesses(mark))?.pid));
  expect(failures.map(({ code }) => code)).toEqual(Array(3).fill("VLLM_PYTHON_PROCESS_EXITED"));
});

pythonTest("a segmentation fault is named", async () => {
  const { failures } = await killed({ signal_after: 40 }, () => {});
  expect(failures[0]?.message).toContain("killed by SIGSEGV");
});

pythonTest("a core that dies while nothing is asked is seen", async () => {
  const { mark, args } = markedArgs();
  const backend = createBackend(args);
  await backend.startup();
  killHard(coreOf(markedProcesses(mark))?.pid);
  await eventually(() => markedProcesses(mark).length === 0, "the engine's process ends");
  expect(failureOf((await ask(backend)).terminal)).toMatchObject({ code: "VLLM_PYTHON_ENGINE_DEAD" });
  await backend.shutdown();
});

pythonTest("shutdown ends a core that ignores SIGTERM", async () => {
  const { mark, args } = markedArgs({ ignore_sigterm: true });
  const backend = createBackend(args);
  await backend.startup();
  expect(coreOf(markedProcesses(mark))).toBeDefined();
  await backend.shutdown();
  await noneLeft(mark, undefined);
});

pythonTest(`${IN_PROCESS_KILLS} random kills, from the start on: nothing hangs, nothing is left`, async () => {
  const random = seeded(1);
  const ends: string[] = [];
  for (let round = 0; round < IN_PROCESS_KILLS; round += 1) {
    const { mark, args } = markedArgs({ core: random() < 0.3 ? "fork" : "spawn", load_s: 0.02 });
    const backend = createBackend(args);
    const delayMs = random() * 400;
    const victims = random();
    const killer = (async () => {
      const bridge = await eventually(() => bridgeOf(markedProcesses(mark)), "Python has started");
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      const core = coreOf(markedProcesses(mark));
      if (victims < 0.7) killHard(bridge.pid);
      if (victims > 0.4) killHard((core ?? bridge).pid);
      return bridge.pid;
    })();
    const outcome = await backend.startup().then(
      async () => {
        const answers = await Promise.all([1, 2].map(() => ask(backend, { outputTokens: ENDLESS })));
        return failureOf((answers[0] as (typeof answers)[number]).terminal).code;
      },
      (error: { readonly code: string }) => error.code,
    );
    ends.push(outcome);
    await backend.shutdown();
    await noneLeft(mark, await killer);
  }
  expect(ends.filter((code) => !DEATHS.includes(code))).toEqual([]);
});

pythonTest(`${NODE_KILLS} random kills of Node, alone or with Python: nothing is left`, async () => {
  const random = seeded(2);
  for (let round = 0; round < NODE_KILLS; round += 1) {
    const { mark, args } = markedArgs({ core: random() < 0.5 ? "fork" : "spawn", ignore_sigterm: random() < 0.15 });
    const owner = spawn(process.execPath, [OWNER, JSON.stringify(args)], { stdio: ["ignore", "ignore", "inherit"] });
    const bridge = await eventually(() => bridgeOf(markedProcesses(mark)), "Python has started");
    await new Promise((resolve) => setTimeout(resolve, random() * 600));
    const together = random() < 0.5;
    killHard(owner.pid);
    if (together) killHard(bridge.pid);
    await once(owner, "exit");
    await noneLeft(mark, bridge.pid);
  }
});
