import { readFileSync } from "node:fs";
import * as v from "valibot";
import { BenchmarkError } from "../errors.js";

const RecordSchema = v.looseObject({
  info: v.looseObject({ timings: v.looseObject({ targeted_start: v.nullable(v.number()) }) }),
});

/** What a schedule needs of a report. */
const RecordedReportSchema = v.looseObject({
  benchmarks: v.array(
    v.looseObject({
      scheduler_state: v.looseObject({ start_time: v.number() }),
      requests: v.looseObject({
        successful: v.array(RecordSchema),
        errored: v.array(RecordSchema),
        incomplete: v.array(RecordSchema),
      }),
    }),
  ),
});

/** Instants in a report are wall times, exact to a quarter of a microsecond. */
const PER_SECOND = 1e6;

/**
 * When the requests of each benchmark of a report were to start, in seconds after its start, ascending, to the microsecond.
 *
 * @throws {BenchmarkError} CORE_BENCHMARK_BAD_SCHEDULE.
 */
export function readRecordedOffsets(path: string): readonly (readonly number[])[] {
  const { benchmarks } = readReport(path);
  const schedules = benchmarks.map(({ scheduler_state, requests: { successful, errored, incomplete } }) =>
    [...successful, ...errored, ...incomplete]
      .flatMap(({ info }) => info.timings.targeted_start ?? [])
      .map((start) => Math.max(0, Math.round((start - scheduler_state.start_time) * PER_SECOND) / PER_SECOND))
      .sort((left, right) => left - right),
  );
  const held = schedules.filter((offsets) => offsets.length > 0);
  if (held.length === 0) throw bad(path, "holds no requests");
  return held;
}

function readReport(path: string): v.InferOutput<typeof RecordedReportSchema> {
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw bad(path, `cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  const result = v.safeParse(RecordedReportSchema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw bad(path, `is no report: ${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
}

function bad(path: string, problem: string): BenchmarkError {
  return new BenchmarkError(`The schedule ${path} ${problem}.`, {
    code: "CORE_BENCHMARK_BAD_SCHEDULE",
    hint: "Give the benchmarks.json of an earlier run.",
  });
}
