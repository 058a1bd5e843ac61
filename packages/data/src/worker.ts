import { parentPort, workerData } from "node:worker_threads";
import "./register.js";
import { DataPipeline, type DataPlan } from "./pipeline.js";
import { type Consumer, EpochPump } from "./worker/epoch-pump.js";
import type { Demand, FromDataWorker, ToDataWorker } from "./worker/messages.js";
import { yieldToLoad } from "./worker/thread-priority.js";
import { toDataWireError } from "./worker/wire-error.js";

const main = parentPort;
if (main === null) throw new Error("This module is the entry of a worker thread; it cannot be imported.");
const { plan, plugins } = workerData as { readonly plan: DataPlan; readonly plugins: readonly string[] };
const consumers: Consumer[] = [];
let pump: EpochPump | null = null;
const answer = (message: FromDataWorker): void => main.postMessage(message);

try {
  for (const plugin of plugins) await import(plugin);
  const pipeline = await DataPipeline.create(plan);
  main.on("message", (message: ToDataWorker) => {
    if (message.type === "connect") connect(message.port);
    else if (message.type === "begin") {
      pump?.stop();
      pump = new EpochPump(pipeline, message.epoch, message.distribution, consumers);
      answer({ type: "begun" });
    } else {
      const report = pump?.stop() ?? { generated: 0, skippedRows: 0, generationDelaysSeconds: [], classNames: [] };
      pump = null;
      answer({ type: "ended", report });
    }
  });
  yieldToLoad();
  answer({
    type: "ready",
    mostConversations: pipeline.mostConversations,
    knownClasses: pipeline.knownClasses(),
  });
} catch (error) {
  answer({ type: "failed", error: toDataWireError(error) });
}

function connect(port: Consumer["port"]): void {
  const consumer: Consumer = { port, credit: 0, held: [] };
  consumers.push(consumer);
  port.on("message", (demand: Demand) => pump?.demand(consumer, demand));
}
