// A process that owns an engine and keeps requests running until it is killed. Its argument is the backend's args as JSON.
import { createBackend, createClock, RequestTimings } from "@core/backend";
import "../../bundle/index.js";

const STREAMS = 3;
const backend = createBackend(JSON.parse(process.argv[2]));
process.stdout.write("starting\n");
await backend.startup();
process.stdout.write("started\n");
await Promise.all(
  Array.from({ length: STREAMS }, async (_, index) => {
    const request = {
      requestId: String(index),
      columns: { text_column: ["a b c"] },
      turnType: "standard",
      inputMetrics: {},
      outputMetrics: { text_tokens: 1_000_000 },
    };
    const timings = new RequestTimings();
    const context = { signal: new AbortController().signal, timings, clock: createClock(0n), keepText: false };
    for await (const event of backend.resolve(backend.prepare(request, null), context)) {
      process.stdout.write(`${event.type}\n`);
    }
  }),
);
