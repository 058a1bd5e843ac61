import { sumsOfKnown } from "./column-arithmetic.js";
import type { MetricConventions, StatusDistributionSummary } from "./distribution-summary.js";
import { andCopies, keepMembers } from "./group-members.js";
import { summarizeGroups } from "./group-values.js";
import { pick } from "./pick.js";
import type { RecordField } from "./record-layout.js";
import type { RecordTable } from "./record-table.js";
import type { RequestColumns } from "./request-columns.js";
import { RequestFlow } from "./request-flow.js";
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
  /** Those, in the window. */
  readonly flow: RequestFlow;
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
  const hasGiven = isKnownOfAny(given, input.members);
  const hasMade = isKnownOfAny(made, input.members);
  if (!hasGiven && !hasMade) return NO_METRIC;
  const hasEither = (at: number): boolean => isKnown(given[at]) || isKnown(made[at]);
  const eligible = eligibleOf(input, hasEither);
  const first = hasGiven ? compileSide(input, eligible, given) : null;
  const second = hasMade ? compileSide(input, eligible, made) : null;
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

const NO_METRIC: ModalityMetric = Object.freeze({
  input: null,
  input_per_second: null,
  input_concurrency: null,
  output: null,
  output_per_second: null,
  output_concurrency: null,
  total: null,
  total_per_second: null,
  total_concurrency: null,
});

interface Eligible {
  readonly values: Uint32Array;
  readonly overlapping: Uint32Array;
  readonly flow: RequestFlow;
}

function eligibleOf(input: ModalityInput, accepts: (at: number) => boolean): Eligible {
  const values = keepMembers(input.members, accepts);
  const overlapping = input.overlapping === input.members ? values : keepMembers(input.overlapping, accepts);
  const isShared = overlapping === input.overlapping && input.conventions === "goodput";
  return { values, overlapping, flow: isShared ? input.flow : flowOf(input, overlapping) };
}

/** GuideLLM does not clip what it counts by modality. */
function flowOf({ columns, conventions, window }: ModalityInput, overlapping: Uint32Array): RequestFlow {
  return new RequestFlow(columns, overlapping, conventions === "guidellm" ? {} : window);
}

interface Side {
  readonly values: StatusDistributionSummary;
  readonly rate: StatusDistributionSummary;
  readonly concurrency: StatusDistributionSummary;
}

function compileSide(input: ModalityInput, { values, flow }: Eligible, counter: Float64Array): Side {
  return {
    values: summarizeGroups({ ...valueOptions(input), members: values, values: counter }),
    rate: flow.rate(counter, input.conventions),
    concurrency: flow.concurrency(counter, input.conventions),
  };
}

function compileTotal(input: ModalityInput, members: Eligible, given: Float64Array, made: Float64Array): Side {
  if (input.conventions === "guidellm") return compilePooled(input, members, given, made);
  return compileSide(input, members, sumsOfKnown(given, made));
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
  const doubled = { ...input, columns: { ...columns, count: count * 2, group, start, end } };
  const overlapping = andCopies(members.overlapping, count);
  const eligible = { values: andCopies(members.values, count), overlapping, flow: flowOf(doubled, overlapping) };
  return compileSide(doubled, eligible, twice(given, made));
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

function columnOf({ table, columns }: ModalityInput, field: RecordField | null): Float64Array {
  if (field === null) return new Float64Array(columns.count).fill(Number.NaN);
  return pick(table.column(field), columns.row);
}

function isKnownOfAny(column: Float64Array, members: Uint32Array): boolean {
  for (let place = 0; place < members.length; place += 1) {
    if (isKnown(column[members[place] ?? 0])) return true;
  }
  return false;
}

function isKnown(value: number | undefined): boolean {
  return value !== undefined && !Number.isNaN(value);
}
