import type { MetricConventions, StatusDistributionSummary } from "./distribution-summary.js";
import { groupEvents, summarizeGroupConcurrency, summarizeGroupRates } from "./group-rates.js";
import { summarizeGroups } from "./group-values.js";
import type { RecordField } from "./record-layout.js";
import type { RecordTable } from "./record-table.js";
import type { RequestColumns } from "./request-columns.js";
import type { TimeWindow } from "./summarize-rate.js";

/** Nine distributions of one counter; a side is null when no request has a value for it. */
export interface ModalityMetric {
  readonly input: StatusDistributionSummary | null;
  readonly input_per_second: StatusDistributionSummary | null;
  readonly input_concurrency: StatusDistributionSummary | null;
  readonly output: StatusDistributionSummary | null;
  readonly output_per_second: StatusDistributionSummary | null;
  readonly output_concurrency: StatusDistributionSummary | null;
  readonly total: StatusDistributionSummary | null;
  readonly total_per_second: StatusDistributionSummary | null;
  readonly total_concurrency: StatusDistributionSummary | null;
}

/** What {@link compileModality} needs. */
export interface ModalityInput {
  readonly table: RecordTable;
  readonly columns: RequestColumns;
  readonly members: Uint32Array;
  /** Requests that rates and concurrency are made of. */
  readonly overlapping: Uint32Array;
  /** Measurement window in seconds. */
  readonly window: TimeWindow;
  readonly conventions: MetricConventions;
}

/** Compiles one counter from its two record fields; null for a side that records do not keep. */
export function compileModality(
  input: ModalityInput,
  inputField: RecordField,
  outputField: RecordField | null,
): ModalityMetric {
  const given = columnOf(input, inputField);
  const made = columnOf(input, outputField);
  const has = (column: Float64Array): boolean => input.members.some((at) => isKnown(column[at]));
  const hasEither = (at: number): boolean => isKnown(given[at]) || isKnown(made[at]);
  const eligible = { values: input.members.filter(hasEither), flow: input.overlapping.filter(hasEither) };
  const first = has(given) ? compileSide(input, eligible, given) : null;
  const second = has(made) ? compileSide(input, eligible, made) : null;
  const total = first === null || second === null ? null : compileTotal(input, eligible, given, made);
  return {
    input: first?.values ?? null,
    input_per_second: first?.rate ?? null,
    input_concurrency: first?.concurrency ?? null,
    output: second?.values ?? null,
    output_per_second: second?.rate ?? null,
    output_concurrency: second?.concurrency ?? null,
    total: total?.values ?? null,
    total_per_second: total?.rate ?? null,
    total_concurrency: total?.concurrency ?? null,
  };
}

interface Eligible {
  readonly values: Uint32Array;
  readonly flow: Uint32Array;
}

interface Side {
  readonly values: StatusDistributionSummary;
  readonly rate: StatusDistributionSummary;
  readonly concurrency: StatusDistributionSummary;
}

function compileSide(input: ModalityInput, { values, flow }: Eligible, counter: Float64Array): Side {
  const { columns, conventions } = input;
  const window = conventions === "guidellm" ? {} : input.window;
  return {
    values: summarizeGroups({ ...valueOptions(input), members: values, values: counter }),
    rate: summarizeGroupRates(groupEvents(columns, flow, columns.end, counter), window, conventions),
    concurrency: summarizeGroupConcurrency(columns, flow, counter, { window, conventions }),
  };
}

function compileTotal(input: ModalityInput, members: Eligible, given: Float64Array, made: Float64Array): Side {
  if (input.conventions === "guidellm") return compilePooled(input, members, given, made);
  const sums = given.map((value, at) => addKnown(value, made[at] ?? Number.NaN));
  return compileSide(input, members, sums);
}

/** GuideLLM's total: the input values and the output values in one list, each request twice. */
function compilePooled(input: ModalityInput, members: Eligible, given: Float64Array, made: Float64Array): Side {
  const { columns } = input;
  const { count } = columns;
  const group = new Uint8Array(count * 2);
  group.set(columns.group);
  group.set(columns.group, count);
  const start = twice(columns.start, columns.start);
  const end = twice(columns.end, columns.end);
  const both = (part: Uint32Array): Uint32Array => Uint32Array.from([...part, ...part.map((at) => at + count)]);
  const doubled = { ...input, columns: { ...columns, count: count * 2, group, start, end } };
  return compileSide(doubled, { values: both(members.values), flow: both(members.flow) }, twice(given, made));
}

function twice(first: Float64Array, second: Float64Array): Float64Array {
  const result = new Float64Array(first.length + second.length);
  result.set(first);
  result.set(second, first.length);
  return result;
}

function valueOptions(input: ModalityInput) {
  const { columns, conventions } = input;
  return { columns, conventions, weights: null, confidence: null, zeroInGuidellm: false };
}

function columnOf(input: ModalityInput, field: RecordField | null): Float64Array {
  if (field === null) return new Float64Array(input.columns.count).fill(Number.NaN);
  const column = new Float64Array(input.columns.count);
  for (let at = 0; at < column.length; at += 1) {
    column[at] = input.table.get(input.columns.row[at] ?? 0, field);
  }
  return column;
}

function isKnown(value: number | undefined): boolean {
  return value !== undefined && !Number.isNaN(value);
}

function addKnown(left: number, right: number): number {
  if (Number.isNaN(left)) return right;
  return Number.isNaN(right) ? left : left + right;
}
