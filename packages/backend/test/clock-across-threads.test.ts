import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "@jest/globals";
import { createClock } from "../src/clock.js";

const TOLERANCE_NS = 200_000;

const WORKER = `
  const { parentPort, workerData } = require("node:worker_threads");
  import(workerData.url).then(({ createClock }) => {
    const clock = createClock(workerData.epochNs);
    parentPort.on("message", () => parentPort.postMessage(clock.nowNs()));
    parentPort.postMessage("ready");
  });
`;

test("clocks of two threads with the same epoch show the same instant", async () => {
  const epochNs = process.hrtime.bigint();
  const url = new URL("../bundle/index.js", import.meta.url).href;
  const worker = new Worker(WORKER, { eval: true, workerData: { url, epochNs } });
  try {
    await once(worker, "message");
    const clock = createClock(epochNs);
    for (let round = 0; round < 20; round += 1) {
      const beforeNs = clock.nowNs();
      worker.postMessage("now");
      const [thereNs] = (await once(worker, "message")) as [number];
      expect(thereNs).toBeGreaterThan(beforeNs - TOLERANCE_NS);
      expect(thereNs).toBeLessThan(clock.nowNs() + TOLERANCE_NS);
    }
  } finally {
    await worker.terminate();
  }
});
