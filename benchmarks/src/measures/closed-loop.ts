import type { Client, ClientReport } from "../clients/client.ts";
import { median } from "../statistics.ts";
import type { Truth, TruthServer } from "../truth-server.ts";
import type { Cores, Measure, MeasureRow } from "./measure.ts";

/** What is sent, and how often. */
export interface ClosedLoopPlan {
  readonly id: string;
  readonly title: string;
  readonly streams: readonly number[];
  readonly requestsPerStream: number;
  readonly tokens: number;
  readonly rounds: number;
  readonly workers: number;
  readonly cores: Cores;
}

const HEADER = [
  "streams, client",
  "TTFT error ms",
  "gap error %",
  "gap p99 true",
  "gap p99 reported",
  "requests lost",
  "tokens lost",
  "CPU us/token",
  "CPU ratio",
  "memory MB",
];

/**
 * How far each client's figures are from what the server knows it did, and what they cost. The clients take turns, so that
 * a change of the machine's mood meets all of them; each figure is the median of the rounds. The first client is what the
 * others' processor time is compared with.
 */
export async function measureClosedLoop(
  plan: ClosedLoopPlan,
  server: TruthServer,
  clients: readonly Client[],
): Promise<Measure> {
  const rows: MeasureRow[] = [];
  for (const streams of plan.streams) {
    const figures = clients.map((): number[][] => []);
    for (let round = 0; round < plan.rounds; round += 1) {
      for (const [at, client] of clients.entries()) figures[at]?.push(await once(plan, streams, server, client));
    }
    const medians = figures.map((rounds) => HEADER.slice(1).map((_, column) => median(columnOf(rounds, column))));
    const cost = medians[0]?.[COST] ?? Number.NaN;
    for (const [at, client] of clients.entries()) {
      const row = medians[at] ?? [];
      rows.push({
        name: `${streams}, ${client.name}`,
        figures: row.map((figure, column) => (column === RATIO ? (row[COST] ?? Number.NaN) / cost : figure)),
      });
    }
  }
  return { id: plan.id, title: plan.title, header: HEADER, rows };
}

const COST = HEADER.indexOf("CPU us/token") - 1;
const RATIO = HEADER.indexOf("CPU ratio") - 1;

async function once(plan: ClosedLoopPlan, streams: number, server: TruthServer, client: Client): Promise<number[]> {
  await server.reset();
  const { requestsPerStream, tokens, workers, cores } = plan;
  const report = await client.run({
    ...{ url: server.url, streams, requestsPerStream, tokens, workers },
    cpu: workers > 1 ? null : cores.client,
  });
  return compare(report, await server.truth());
}

function compare(report: ClientReport, truth: Truth): number[] {
  return [
    report.ttftMeanMs - truth.ttftMeanMs,
    100 * (report.gapMeanMs / truth.gapMeanMs - 1),
    truth.gapP99Ms,
    report.gapP99Ms,
    truth.completed - report.requests,
    truth.tokens - report.tokens,
    (report.command.cpuSeconds * 1e6) / truth.tokens,
    Number.NaN,
    report.command.peakMemoryMb,
  ];
}

function columnOf(rows: readonly (readonly number[])[], column: number): number[] {
  return rows.map((row) => row[column] ?? Number.NaN).filter((figure) => !Number.isNaN(figure));
}
