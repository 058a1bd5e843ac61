import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus, release } from "node:os";
import { dirname } from "node:path";
import type { Measure } from "./measures/measure.ts";

/** What is stored of one run of the benchmarks. */
export interface Results {
  readonly time: string;
  readonly node: string;
  readonly kernel: string;
  readonly cpu: string;
  readonly cores: number;
  readonly server: string;
  readonly measures: readonly Measure[];
}

/** Results with what is to be known of the machine. @param server - Name of the server that was measured against. */
export function describeResults(measures: readonly Measure[], server: string): Results {
  return {
    time: new Date().toISOString(),
    node: process.version,
    kernel: `${process.platform} ${release()}`,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    server,
    measures,
  };
}

/** Writes results as JSON; numbers that are unknown are null. */
export async function writeResults(file: string, results: Results): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
}

/** Figures of an earlier run by measure, row and column. Throws when the file cannot be read. */
export async function readEarlier(file: string): Promise<(measure: Measure, row: string, column: number) => number> {
  const earlier = JSON.parse(await readFile(file, "utf8")) as Results;
  return (measure, row, column) => {
    const rows = earlier.measures.find(({ id }) => id === measure.id)?.rows;
    return rows?.find(({ name }) => name === row)?.figures[column] ?? Number.NaN;
  };
}
