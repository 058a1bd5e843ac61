// Measures this project's command against a server that knows when it wrote each token, beside a bare reader and any peers.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bare } from "./clients/bare.ts";
import { goodput } from "./clients/goodput.ts";
import { peers } from "./clients/peers.ts";
import { measureClosedLoop } from "./measures/closed-loop.ts";
import { measureErrorBound } from "./measures/error-bound.ts";
import type { Measure } from "./measures/measure.ts";
import { measureSchedule } from "./measures/schedule.ts";
import { measureStartup } from "./measures/startup.ts";
import { measureStarvation } from "./measures/starvation.ts";
import { type Earlier, printMeasure } from "./print-measure.ts";
import { describeResults, readEarlier, writeResults } from "./results.ts";
import { startTlsServer, startTruthServer, type TruthServer } from "./truth-server.ts";

const HELP = `usage: npm run bench -- [OPTIONS]
  --only LIST         some of accuracy,tls,workers,many,schedule,starvation,bound,startup (default: all)
  --streams LIST      numbers of streams for accuracy (default: 1,10,100,500,1000)
  --rounds N          how often clients take turns (default: 3)
  --requests N        requests of each stream (default: 5)
  --tokens N          output tokens of each request (default: 100)
  --server-cpu N      core of the server (default: 0); none: any
  --client-cpu N      core of the clients (default: 1); none: any
  --quick             one round, fewer streams
  --out FILE          results as JSON (default: results/bench-TIME.json)
  --compare FILE      prints an earlier run's figures in brackets
variables: GOODPUT_TRUTH_SERVER (a server of your own), GOODPUT_PEER_<NAME> (another client); see docs/performance.md`;

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "accuracy,tls,workers,many,schedule,starvation,bound,startup" },
    streams: { type: "string" },
    rounds: { type: "string" },
    requests: { type: "string", default: "5" },
    tokens: { type: "string", default: "100" },
    "server-cpu": { type: "string", default: "0" },
    "client-cpu": { type: "string", default: "1" },
    quick: { type: "boolean", default: false },
    out: { type: "string" },
    compare: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const core = (text: string): number | null => (text === "none" ? null : Number(text));
const cores = { server: core(values["server-cpu"]), client: core(values["client-cpu"]) };
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
const streams = (values.streams ?? (values.quick ? "1,10,100" : "1,10,100,500,1000")).split(",").map(Number);
const loop = { requestsPerStream: Number(values.requests), tokens: Number(values.tokens), rounds, workers: 1, cores };
const timing = { ttftMs: 50, gapMs: 10, tokens: loop.tokens };
const slow = { ttftMs: 50, gapMs: 50, tokens: loop.tokens };

let serverName = "";
/** Runs a measure against a server of its own. */
async function against(starting: Promise<TruthServer>, measure: (server: TruthServer) => Promise<Measure>) {
  const server = await starting;
  serverName ||= server.name;
  try {
    return await measure(server);
  } finally {
    server.stop();
  }
}

const MEASURES: Readonly<Record<string, () => Promise<Measure>>> = {
  accuracy: () =>
    against(startTruthServer(timing, cores.server), (server) => {
      const title = `closed loop, TTFT ${timing.ttftMs} ms, gap ${timing.gapMs} ms, ${timing.tokens} tokens, client on one core`;
      return measureClosedLoop({ ...loop, id: "accuracy", title, streams }, server, [bare, goodput, ...peers()]);
    }),
  tls: () =>
    against(startTlsServer(timing, cores.server), (server) => {
      const plan = { ...loop, id: "tls", title: "the same over TLS", streams: [200] };
      return measureClosedLoop(plan, server, [bare, goodput]);
    }),
  workers: () =>
    against(startTruthServer(timing, cores.server), (server) => {
      const plan = { ...loop, id: "workers", title: "two request threads, client on any core", streams: [100, 500] };
      return measureClosedLoop({ ...plan, workers: 2 }, server, [bare, goodput]);
    }),
  many: () =>
    against(startTruthServer(slow, cores.server), (server) => {
      const plan = {
        ...loop,
        id: "many",
        title: `many streams, gap ${slow.gapMs} ms`,
        requestsPerStream: 2,
        rounds: 1,
      };
      return measureClosedLoop({ ...plan, streams: [5000] }, server, [bare, goodput]);
    }),
  schedule: () => measureSchedule(cores, values.quick),
  starvation: () => {
    const brief = { ...timing, tokens: 30 };
    return against(startTruthServer(brief, cores.server), (server) =>
      measureStarvation(server, brief, cores, values.quick ? 80 : 160),
    );
  },
  bound: () => {
    const brief = { ...timing, tokens: 30 };
    return against(startTruthServer(brief, cores.server), (server) =>
      measureErrorBound(server, brief, cores, values.quick ? 10 : 100),
    );
  },
  startup: () => measureStartup(values.quick ? 5 : 15),
};

const earlier: Earlier | null = values.compare === undefined ? null : await readEarlier(values.compare);
const measures: Measure[] = [];
for (const name of values.only.split(",")) {
  const measure = MEASURES[name];
  if (measure === undefined)
    throw new Error(`there is no measure "${name}"; there are ${Object.keys(MEASURES).join(", ")}`);
  const done = await measure();
  printMeasure(done, earlier);
  measures.push(done);
}
const results = describeResults(measures, serverName);
const file = values.out ?? join("results", `bench-${results.time.slice(0, 19).replaceAll(":", "-")}.json`);
await writeResults(file, results);
console.log(`\n${results.cpu}, ${results.cores} cores, ${results.kernel}, Node ${results.node}; ${file}`);
