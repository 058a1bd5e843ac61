import type { GenerationRequest } from "@core/backend";
import { DataPipeline, type DataPlan } from "../../src/index.js";
import { writeFile } from "./temporary-folder.js";

/** The first request that a plan gives. */
export async function firstRequest(plan: DataPlan): Promise<GenerationRequest> {
  const pipeline = await DataPipeline.create(plan);
  for (const { graph } of pipeline.open(0)) {
    const request = graph.nodes[0]?.request;
    if (request !== undefined) return request;
  }
  throw new Error("no request");
}

/** Args of a source of these rows. */
export function jsonLines(rows: readonly object[]): { readonly kind: string; readonly path: string } {
  return { kind: "json_file", path: writeFile(".jsonl", rows.map((row) => JSON.stringify(row)).join("\n")) };
}
