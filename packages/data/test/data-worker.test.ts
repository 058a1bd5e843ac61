import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BroadcastChannel, MessageChannel } from "node:worker_threads";
import { DataError, type DataPlan, DataWorker, GraphFeed, type NumberedGraph } from "@core/data";
import { CoreError } from "@core/registry";
import { afterEach, describe, expect, test } from "@jest/globals";
import { writeCountingPlugin } from "./support/counting-plugin.js";
import { planOf } from "./support/data-plan.js";
import { writeFile } from "./support/temporary-folder.js";

const HIGH_WATER = 64;
const running: DataWorker[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.stop()));
});

async function start(plan: DataPlan, consumers: number, plugins: readonly string[] = []) {
  const worker = await DataWorker.start(plan, plugins);
  running.push(worker);
  const feeds = Array.from({ length: consumers }, () => {
    const { port1, port2 } = new MessageChannel();
    worker.connect(port1);
    return new GraphFeed(port2, HIGH_WATER);
  });
  return { worker, feeds };
}

const SYNTHETIC = { kind: "synthetic_text", prompt_tokens: 16 };
const counting = (given: Parameters<typeof planOf>[1] = {}): DataPlan => {
  return { ...planOf([SYNTHETIC], given), data: [{ kind: "counting" }] };
};
const lines = (count: number) =>
  planOf([
    { kind: "text_file", path: writeFile(".txt", Array.from({ length: count }, (_, at) => `p${at}`).join("\n")) },
  ]);

const textOf = ({ graph }: NumberedGraph) => String(graph.nodes[0]?.request.columns["text_column"]?.[0]);

async function take(feed: GraphFeed | undefined, count = Number.POSITIVE_INFINITY): Promise<NumberedGraph[]> {
  const items: NumberedGraph[] = [];
  while (items.length < count) {
    const item = await (feed?.next() ?? null);
    if (item === null) break;
    items.push(item);
  }
  return items;
}

function once(channel: BroadcastChannel): Promise<unknown> {
  return new Promise((resolve) => {
    channel.onmessage = (event: { data?: unknown }) => resolve(event.data);
  });
}

const all = (length: number) => Array.from({ length }, (_, index) => index);

describe("distribution", () => {
  test("by schedule: conversation i goes to consumer i % n, in order", async () => {
    const { worker, feeds } = await start(lines(500), 3);
    await worker.beginEpoch(0, { mode: "slice", workers: 3 });
    for (const feed of feeds) feed.begin(0);
    const taken = await Promise.all(feeds.map((feed) => take(feed)));
    for (const [at, items] of taken.entries()) {
      expect(items.map(({ index }) => index)).toEqual(all(500).filter((index) => index % 3 === at));
      expect(items.map(textOf)).toEqual(items.map(({ index }) => `p${index}`));
    }
    expect(await worker.endEpoch()).toMatchObject({ generated: 500, skippedRows: 0 });
  });

  test("by demand: every conversation goes to one consumer, once", async () => {
    const { worker, feeds } = await start(lines(1000), 2);
    await worker.beginEpoch(0, { mode: "demand" });
    for (const feed of feeds) feed.begin(0);
    const taken = await Promise.all(feeds.map((feed) => take(feed)));
    const indices = taken.flat().map(({ index }) => index);
    expect(indices.sort((a, b) => a - b)).toEqual(all(1000));
    for (const items of taken) expect(items.length).toBeGreaterThanOrEqual(HIGH_WATER);
  });

  test("by demand: one consumer alone gets everything", async () => {
    const { worker, feeds } = await start(lines(300), 2);
    await worker.beginEpoch(0, { mode: "demand" });
    feeds[1]?.begin(0);
    expect((await take(feeds[1])).map(({ index }) => index)).toEqual(all(300));
  });

  test("prompts do not depend on the number of consumers", async () => {
    const byConsumers = await Promise.all(
      [1, 2, 4].map(async (workers) => {
        const { worker, feeds } = await start(planOf([SYNTHETIC]), workers);
        await worker.beginEpoch(0, { mode: "slice", workers });
        for (const feed of feeds) feed.begin(0);
        const taken = await Promise.all(feeds.map((feed) => take(feed, 120 / workers)));
        return taken.flat().sort((a, b) => a.index - b.index);
      }),
    );
    const [one, ...others] = byConsumers;
    expect(one).toHaveLength(120);
    for (const other of others) expect(other).toEqual(one);
  });
});

describe("the end of the data", () => {
  test("is told to everybody, also to who got nothing, again and again", async () => {
    const { worker, feeds } = await start(lines(2), 4);
    await worker.beginEpoch(0, { mode: "slice", workers: 4 });
    for (const feed of feeds) feed.begin(0);
    const taken = await Promise.all(feeds.map((feed) => take(feed)));
    expect(taken.map((items) => items.length)).toEqual([1, 1, 0, 0]);
    for (const feed of feeds) {
      expect(await feed.next()).toBeNull();
      expect(feed.tryNext()).toBeNull();
    }
  });

  test("samples end generated data", async () => {
    const { worker, feeds } = await start(planOf([SYNTHETIC], { loader: { samples: 100 } }), 1);
    await worker.beginEpoch(0, { mode: "demand" });
    feeds[0]?.begin(0);
    expect(await take(feeds[0])).toHaveLength(100);
  });
});

describe("another pass", () => {
  test("begins at the first conversation with prompts of its own; what was left is dropped", async () => {
    const { worker, feeds } = await start(planOf([SYNTHETIC]), 2);
    const seen: string[][] = [];
    for (const epoch of [0, 1, 2]) {
      await worker.beginEpoch(epoch, { mode: "slice", workers: 2 });
      for (const feed of feeds) feed.begin(epoch);
      const taken = await Promise.all(feeds.map((feed) => take(feed, 100)));
      expect(taken.map((items) => items[0]?.index)).toEqual([0, 1]);
      seen.push(taken.flat().map(textOf));
      await worker.endEpoch();
    }
    expect(new Set(seen.flat()).size).toBe(600);
  });

  test("reads a file again, with fewer consumers", async () => {
    const { worker, feeds } = await start(lines(90), 2);
    await worker.beginEpoch(0, { mode: "slice", workers: 2 });
    for (const feed of feeds) feed.begin(0);
    await Promise.all(feeds.map((feed) => take(feed)));
    await worker.endEpoch();
    await worker.beginEpoch(1, { mode: "slice", workers: 1 });
    feeds[0]?.begin(1);
    expect((await take(feeds[0])).map(({ index }) => index)).toEqual(all(90));
    expect(await worker.endEpoch()).toMatchObject({ generated: 90 });
  });
});

describe("back-pressure", () => {
  test("no more is made than was taken and fits in the feed", async () => {
    const { worker, feeds } = await start(planOf([SYNTHETIC]), 1);
    await worker.beginEpoch(0, { mode: "demand" });
    feeds[0]?.begin(0);
    await take(feeds[0], 1000);
    const { generated, generationDelaysSeconds } = await worker.endEpoch();
    expect(generated).toBeGreaterThanOrEqual(1000);
    expect(generated).toBeLessThanOrEqual(1000 + HIGH_WATER);
    expect(generationDelaysSeconds).toHaveLength(generated);
    expect(generationDelaysSeconds.every((seconds) => seconds >= 0 && seconds < 60)).toBe(true);
  });

  test("a consumer that takes nothing holds back the others after its feed and prefetch_factor", async () => {
    const prefetch = 10;
    const plan = planOf([SYNTHETIC], { loader: { prefetch_factor: prefetch } });
    const { worker, feeds } = await start(plan, 2);
    await worker.beginEpoch(0, { mode: "slice", workers: 2 });
    feeds[1]?.begin(0); // takes none of what it asks for
    feeds[0]?.begin(0);
    await take(feeds[0], HIGH_WATER + prefetch);
    const { generated } = await worker.endEpoch();
    expect(generated).toBeGreaterThanOrEqual(2 * (HIGH_WATER + prefetch) - 1);
    expect(generated).toBeLessThanOrEqual(2 * (HIGH_WATER + prefetch) + 1);
  });

  test("nothing is made before somebody asks", async () => {
    const { worker } = await start(planOf([SYNTHETIC]), 1);
    await worker.beginEpoch(0, { mode: "demand" });
    expect(await worker.endEpoch()).toEqual({
      generated: 0,
      skippedRows: 0,
      generationDelaysSeconds: [],
      classNames: [],
    });
  });

  test("classes of traffic are told ahead where they can be, and numbered to the end", async () => {
    const rows = ["chat", "batch", "chat"].map((name) => JSON.stringify({ prompt: "p", class: name }));
    const { worker, feeds } = await start(
      planOf([{ kind: "json_file", path: writeFile(".jsonl", rows.join("\n")) }]),
      1,
    );
    expect(worker.knownClasses).toEqual(["chat", "batch"]);
    await worker.beginEpoch(0, { mode: "demand" });
    feeds[0]?.begin(0);
    const items = await take(feeds[0]);
    expect(items.map(({ graph }) => graph.nodes[0]?.classId)).toEqual([0, 1, 0]);
    expect((await worker.endEpoch()).classNames).toEqual(["chat", "batch"]);
  });
});

describe("errors", () => {
  test("a source that cannot be opened: the error with code and hint", async () => {
    const plan = planOf([{ kind: "csv_file", path: "/does/not/exist.csv" }]);
    const error = await DataWorker.start(plan).catch((reason: unknown) => reason);
    expect(CoreError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      code: "CORE_DATA_FILE_NOT_FOUND",
      message: 'The data file "/does/not/exist.csv" does not exist.',
      hint: expect.stringContaining("working directory") as unknown as string,
    });
  });

  test("a kind that is not built is refused at start", async () => {
    await expect(DataWorker.start(planOf([{ kind: "arrow_file", path: "a" }]))).rejects.toMatchObject({
      code: "CORE_REGISTRY_NOT_BUILT",
    });
  });

  test("a source that fails midway: what it gave before, then its error for everybody", async () => {
    const failing = `if (index === 100) throw new DataError("row 100 is lost", { code: "CORE_DATA_FILE_INVALID", hint: "Mend it." })`;
    const { worker, feeds } = await start(counting(), 2, [writeCountingPlugin(failing)]);
    await worker.beginEpoch(0, { mode: "slice", workers: 2 });
    for (const feed of feeds) feed.begin(0);
    for (const feed of feeds) {
      expect(await take(feed, 50)).toHaveLength(50);
      const error = await feed.next().catch((reason: unknown) => reason);
      expect(CoreError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ message: "row 100 is lost", code: "CORE_DATA_FILE_INVALID", hint: "Mend it." });
      expect(feed.tryNext()).toBeNull();
    }
    expect(await worker.endEpoch()).toMatchObject({ generated: 100 });
    // the next pass is not burdened by it
    await worker.beginEpoch(1, { mode: "slice", workers: 2 });
    feeds[0]?.begin(1);
    expect(await take(feeds[0], 1)).toHaveLength(1);
  });

  test("bad rows: counted in the report, or the end", async () => {
    const bad = `if (index % 2 === 1 || index > 99) throw new DataError("bad", { code: "CORE_DATA_BAD_ROW" })`;
    const { worker, feeds } = await start(counting(), 1, [writeCountingPlugin(bad)]);
    await worker.beginEpoch(0, { mode: "demand" });
    feeds[0]?.begin(0);
    expect((await take(feeds[0], 50)).map(textOf)).toEqual(all(50).map((index) => String(2 * index)));
    await expect(feeds[0]?.next()).rejects.toMatchObject({ code: "CORE_DATA_TOO_MANY_BAD_ROWS" });
    expect(await worker.endEpoch()).toMatchObject({ generated: 50, skippedRows: 49 + 100 });
  });

  test("a plugin that cannot be imported: its error at start", async () => {
    const broken = new URL(`file://${writeFile(".mjs", 'throw new Error("no licence")')}`).href;
    await expect(DataWorker.start(counting(), [broken])).rejects.toMatchObject({ message: "no licence" });
  });

  test("a kind of a plugin that was not named is unknown", async () => {
    await expect(DataWorker.start(counting())).rejects.toMatchObject({ code: "CORE_REGISTRY_UNKNOWN_KIND" });
  });

  test("a thread that dies: the feeds and the main thread are told", async () => {
    const { worker, feeds } = await start(counting(), 1, [writeCountingPlugin("if (index === 10) process.exit(3)")]);
    await worker.beginEpoch(0, { mode: "demand" });
    feeds[0]?.begin(0);
    const died = expect.objectContaining({ code: "CORE_DATA_WORKER_DIED" });
    await expect(take(feeds[0])).rejects.toEqual(died);
    await expect(worker.endEpoch()).rejects.toEqual(died);
    feeds[0]?.begin(1);
    await expect(feeds[0]?.next()).rejects.toEqual(died);
  });
});

describe("plugins", () => {
  test("are imported in the thread", async () => {
    const { worker, feeds } = await start(counting(), 1, [writeCountingPlugin()]);
    await worker.beginEpoch(0, { mode: "demand" });
    feeds[0]?.begin(0);
    expect((await take(feeds[0], 3)).map(textOf)).toEqual(["0", "1", "2"]);
  });
});

describe("stop", () => {
  test("ends the thread: feeds and later calls are refused, a second stop does nothing", async () => {
    const { worker, feeds } = await start(planOf([SYNTHETIC]), 1);
    const waiting = expect(feeds[0]?.next()).rejects.toMatchObject({ code: "CORE_DATA_WORKER_DIED" });
    await worker.stop();
    await waiting;
    const error = await worker.beginEpoch(0, { mode: "demand" }).catch((reason: unknown) => reason);
    expect(DataError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: "CORE_DATA_WORKER_DIED", message: "The data thread ended: it was stopped." });
    await worker.stop();
  });

  test("releases who waits for a thread that is stuck in a source", async () => {
    const name = "goodput-data-stuck";
    const channel = new BroadcastChannel(name);
    const told = once(channel);
    const stuck = `if (index === 1) { new BroadcastChannel("${name}").postMessage("stuck"); for (;;); }`;
    const { worker, feeds } = await start(counting(), 1, [writeCountingPlugin(stuck)]);
    await worker.beginEpoch(0, { mode: "demand" });
    feeds[0]?.begin(0);
    expect(await told).toBe("stuck");
    channel.close();
    const ending = expect(worker.endEpoch()).rejects.toMatchObject({ code: "CORE_DATA_WORKER_DIED" });
    await worker.stop();
    await ending;
  });
});

test("the example of the README runs", () => {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  const code = /```ts\n(.+?)```/s.exec(readFileSync(`${folder}/README.md`, "utf8"))?.[1] ?? "";
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", code], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(output.match(/text_column/g)).toHaveLength(3);
});
