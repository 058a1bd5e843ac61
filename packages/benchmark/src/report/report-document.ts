import type { Conclusion } from "../profile/conclusion.js";
import type { RunConfig } from "../spec/resolved-spec.js";
import type { BenchmarkReport } from "./benchmark-report.js";
import type { EnvironmentRecord } from "./environment.js";

/** Number of the report's layout; the major version of what readers may rely on. GuideLLM's readers expect 2. */
export const REPORT_VERSION = 2;

/** Where a report comes from. */
export interface ReportMetadata extends EnvironmentRecord {
  readonly version: typeof REPORT_VERSION;
}

/** A whole run: what was asked for, and what was measured. Plain data; secrets are masked when it is serialised. */
export interface ReportDocument {
  readonly metadata: ReportMetadata;
  readonly config: RunConfig;
  readonly benchmarks: readonly BenchmarkReport[];
  /** Answers of profiles that ask a question. */
  readonly conclusions: readonly Conclusion[];
}

/** Puts a report together. */
export function createReport(
  environment: EnvironmentRecord,
  content: Omit<ReportDocument, "metadata">,
): ReportDocument {
  return { metadata: { version: REPORT_VERSION, ...environment }, ...content };
}
