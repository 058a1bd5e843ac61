import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createBackend, RequestTimings } from "@core/backend";
import { afterEach, expect, jest } from "@jest/globals";
import "../src/index.js";
import { ask } from "./support/ask.js";
import {
  bridgeOf,
  coreOf,
  eventually,
  folderOf,
  guardiansOf,
  killHard,
  MARK,
  markedProcesses,
} from "./support/processes.js";
import { linuxTest, standInArgs } from "./support/stand-in.js";

jest.setTimeout(600_000); // a busy machine takes long to start a hundred processes

const OWNER = fileURLToPath(new URL("support/engine-owner.mjs", import.meta.url));
const ENDLESS = 1_000_000;
const IN_PROCESS_KILLS = 40;
const NODE_KILLS = 10;
const DEATH = /^VLLM_PYTHON_(PROCESS_EXITED|ENGINE_DEAD)$/;

let nextMark = 0;

/** Args of an engine whose processes can be found. */
function markedArgs(script: Readonly<Record<string, unknown>> = {}) {
  nextMark += 1;
  const mark = `${process.pid}-${nextMark}`;
  marks.push(mark);
  const more = { env: { [MARK]: mark }, vllm_config: { max_model_len: 2 * ENDLESS } };
  return { mark, args: standInArgs({ itl_ms: 1, ...script }, more) };
}

/** Marks of the engines of this test, for when it fails half-way. */
const marks: string[] = [];

afterEach(() => {
  for (const mark of marks.splice(0)) for (const { pid } of markedProcesses(mark)) killHard(pid);
});

/** A small generator of repeatable numbers in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What an engine must not leave behind, noted while it runs. */
interface Traces {
  readonly mark: string;
  readonly group: number | undefined;
  readonly folder: string | undefined;
}

function tracesOf(mark: string): Traces {
  const group = bridgeOf(markedProcesses(mark))?.pid;
  return { mark, group, folder: group === undefined ? undefined : folderOf(group) };
}

async function noneLeft({ mark, folder }: Traces): Promise<void> {
  await eventually(() => markedProcesses(mark).length === 0, "no process of the engine is left");
  if (folder === undefined) return;
  await eventually(() => guardiansOf(folder).length === 0, "no guardian is left");
  await eventually(() => !existsSync(folder), "the engine's folder is removed");
}

/** Starts an engine with three endless requests, kills as told, and returns what became of the requests. */
async function killed(script: Readonly<Record<string, unknown>>, kill: (mark: string) => void | Promise<void>) {
  const { mark, args } = markedArgs(script);
  const backend = createBackend(args);
  await backend.startup();
  const traces = tracesOf(mark);
  expect(traces.folder).toContain("gp-vllm-");
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
  await noneLeft(traces);
  return { failures: answers.map(({ terminal }) => failureOf(terminal)), late: failureOf(late.terminal) };
}

function failureOf(terminal: Awaited<ReturnType<typeof ask>>["terminal"]) {
  if (terminal.type !== "partial") throw new Error("the request completed");
  return terminal.failure;
}

linuxTest("kill -9 of Python: every request fails and says so, nothing is left", async () => {
  const { failures, late } = await killed({}, (mark) => killHard(bridgeOf(markedProcesses(mark))?.pid));
  for (const failure of failures) {
    expect(failure).toMatchObject({ code: "VLLM_PYTHON_PROCESS_EXITED", phase: "stream" });
    expect(failure.message).toContain("killed by SIGKILL");
  }
  expect(late).toMatchObject({ code: "VLLM_PYTHON_PROCESS_EXITED", phase: "connect" });
});

linuxTest("kill -9 of the engine's core: every request fails as engine dead, nothing is left", async () => {
  const { failures, late } = await killed({}, (mark) => killHard(coreOf(markedProcesses(mark))?.pid));
  for (const failure of failures) {
    expect(failure).toMatchObject({ code: "VLLM_PYTHON_ENGINE_DEAD", phase: "stream" });
    expect(failure.message).toContain("EngineCore encountered an issue");
  }
  expect(late).toMatchObject({ code: "VLLM_PYTHON_ENGINE_DEAD", phase: "connect" });
});

linuxTest("a core that a fork has made does not hide the death of Python", async () => {
  const { failures } = await killed({ core: "fork" }, (mark) => killHard(bridgeOf(markedProcesses(mark))?.pid));
  expect(failures.map(({ code }) => code)).toEqual(Array(3).fill("VLLM_PYTHON_PROCESS_EXITED"));
});

linuxTest("a segmentation fault is named", async () => {
  const { failures } = await killed({ signal_after: 40 }, () => {});
  expect(failures[0]?.message).toContain("killed by SIGSEGV");
  expect(failures[0]?.message).toContain("Fatal Python error: Segmentation fault");
});

linuxTest("a core that dies while nothing is asked is seen", async () => {
  const { mark, args } = markedArgs();
  const backend = createBackend(args);
  await backend.startup();
  const core = await eventually(() => coreOf(markedProcesses(mark)), "the core is found");
  killHard(core?.pid);
  await eventually(() => markedProcesses(mark).length === 0, "the engine's process ends");
  expect(failureOf((await ask(backend)).terminal)).toMatchObject({ code: "VLLM_PYTHON_ENGINE_DEAD" });
  await backend.shutdown();
});

linuxTest("shutdown ends a core that ignores SIGTERM", async () => {
  const { mark, args } = markedArgs({ ignore_sigterm: true });
  const backend = createBackend(args);
  await backend.startup();
  expect(coreOf(markedProcesses(mark))).toBeDefined();
  const traces = tracesOf(mark);
  await backend.shutdown();
  await noneLeft(traces);
});

/** Moments of an engine's life, each with what shows that it has come. */
const MOMENTS = ["python", "core", "tokens"] as const;

async function momentOf(mark: string, random: () => number, tokens: () => number): Promise<void> {
  const moment = MOMENTS[Math.floor(random() * MOMENTS.length)];
  const wanted = 1 + Math.floor(random() * 300);
  await eventually(() => bridgeOf(markedProcesses(mark)), "Python has started");
  if (moment !== "python") await eventually(() => coreOf(markedProcesses(mark)), "the core has started");
  if (moment === "tokens") await eventually(() => tokens() >= wanted, "tokens have come");
}

linuxTest(`${IN_PROCESS_KILLS} kills at random moments: nothing hangs, nothing is left`, async () => {
  const random = seeded(1);
  const ends: string[] = [];
  for (let round = 0; round < IN_PROCESS_KILLS; round += 1) {
    const { mark, args } = markedArgs({ core: random() < 0.3 ? "fork" : "spawn" });
    const backend = createBackend(args);
    const timings = new RequestTimings();
    const victims = random();
    const killer = momentOf(mark, random, () => timings.tokenIterations).then(() => {
      const traces = tracesOf(mark);
      const found = markedProcesses(mark);
      const bridge = bridgeOf(found);
      if (victims < 0.7) killHard(bridge?.pid);
      if (victims > 0.4) killHard((coreOf(found) ?? bridge)?.pid);
      return traces;
    });
    const outcome = backend.startup().then(
      async () => {
        const first = ask(backend, { outputTokens: ENDLESS, timings });
        const [one, other] = await Promise.all([first, ask(backend, { outputTokens: ENDLESS })]);
        expect(failureOf(other.terminal).code).toMatch(DEATH);
        return failureOf(one.terminal).code;
      },
      (error: { readonly code: string }) => error.code,
    );
    const [end, traces] = await Promise.all([outcome, killer]);
    ends.push(end);
    await backend.shutdown();
    await noneLeft(traces);
  }
  expect(ends.filter((code) => !DEATH.test(code))).toEqual([]);
  expect(new Set(ends).size).toBe(2);
});

linuxTest(`${NODE_KILLS} kills of Node at random moments, alone or with Python: nothing is left`, async () => {
  const random = seeded(2);
  for (let round = 0; round < NODE_KILLS; round += 1) {
    const { mark, args } = markedArgs({ core: random() < 0.5 ? "fork" : "spawn", ignore_sigterm: round === 0 });
    const owner = spawn(process.execPath, [OWNER, JSON.stringify(args)], { stdio: ["ignore", "pipe", "inherit"] });
    let told = "";
    owner.stdout.setEncoding("utf8").on("data", (text: string) => {
      told += text;
    });
    await momentOf(mark, random, () => (told.includes("first-token") ? ENDLESS : 0));
    const traces = tracesOf(mark);
    killHard(owner.pid);
    if (random() < 0.5) killHard(traces.group);
    await once(owner, "exit");
    await noneLeft(traces);
  }
});
