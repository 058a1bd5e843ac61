// A worker thread of the contract: imports the plugin, makes the backend from its args, serves one request and answers.
import { parentPort, workerData } from "node:worker_threads";
import {
  CLOCK,
  createBackend,
  createClock,
  createScope,
  LOGGER,
  parseBackendArgs,
  RequestTimings,
  type ResolveEvent,
  SILENT_LOGGER,
} from "@core/backend";
import type { WorkerOrder, WorkerResult } from "./worker-message.js";

const { pluginModule, epochNs, args, request } = workerData as WorkerOrder;
await import(pluginModule);
const clock = createClock(epochNs);
const scope = createScope();
scope.register(CLOCK, { useValue: clock });
scope.register(LOGGER, { useValue: SILENT_LOGGER });
const backend = createBackend(parseBackendArgs(args), scope);
await backend.startup();
await backend.warm(1);
const timings = new RequestTimings();
const context = { signal: new AbortController().signal, timings, clock, keepText: true };
const events: ResolveEvent[] = [];
for await (const event of backend.resolve(backend.prepare(request, null), context)) events.push(event);
const terminal = events.at(-1);
if (terminal === undefined || terminal.type === "first-token") throw new Error("resolve gave no terminal event");
await backend.shutdown();
const { sendNs, endNs } = timings;
const result: WorkerResult = {
  types: events.map(({ type }) => type),
  ...{ terminal, sendNs, endNs, info: JSON.stringify(backend.info) },
};
parentPort?.postMessage(result);
