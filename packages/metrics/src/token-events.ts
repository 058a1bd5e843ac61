import type { TimedWeights } from "./merge-times.js";
import { GROUPS, type RequestColumns } from "./request-columns.js";

/** More events than this are added up on a grid, which bounds time and memory for any run and spares sorting them. */
const MAX_EXACT_EVENTS = 1 << 16;
const MAX_GRID_CELLS = 1 << 18;
const MIN_CELL_SECONDS = 1e-4;

/** Token events of each group, in the order of `GROUPS`. */
export interface TokenEvents {
  readonly prompt: readonly TimedWeights[];
  readonly output: readonly TimedWeights[];
}

/** Receives one event: seconds and tokens. */
type Emit = (time: number, weight: number) => void;

/**
 * Places the tokens of requests in time, as GuideLLM does: the prompt at the first token (or the end), one output token
 * at the first token event and the others evenly up to the last one. Over 65,536 output events are added up in cells
 * of at least 0.1 ms; sums inside the window stay exact.
 *
 * @param window - Seconds; events outside are left out in the grid case, since no metric counts them.
 */
export function collectTokenEvents(
  columns: RequestColumns,
  members: Uint32Array,
  window: { readonly start: number; readonly end: number },
): TokenEvents {
  const byGroup = GROUPS.map((_, group) => members.filter((at) => columns.group[at] === group));
  const expected = members.reduce((sum, at) => sum + Math.max(1, columns.tokenIterations[at] ?? 0), 0);
  const collect = expected > MAX_EXACT_EVENTS ? gridCollector(window) : exactCollector;
  return {
    prompt: byGroup.map((group) => collect(columns, group, emitPrompt)),
    output: byGroup.map((group) => collect(columns, group, emitOutput)),
  };
}

/** All events of several lists in one. */
export function concatEvents(parts: readonly TimedWeights[]): TimedWeights {
  const length = parts.reduce((sum, part) => sum + part.times.length, 0);
  const times = new Float64Array(length);
  const weights = new Float64Array(length);
  let offset = 0;
  for (const part of parts) {
    times.set(part.times, offset);
    weights.set(part.weights, offset);
    offset += part.times.length;
  }
  return { times, weights };
}

function emitPrompt(columns: RequestColumns, at: number, emit: Emit): void {
  emit(firstKnown(columns.firstToken[at], columns.end[at]), known(columns.values.prompt_tokens[at]));
}

function emitOutput(columns: RequestColumns, at: number, emit: Emit): void {
  const first = columns.firstToken[at] ?? Number.NaN;
  const last = columns.lastToken[at] ?? Number.NaN;
  const iterations = columns.tokenIterations[at] ?? 0;
  const output = known(columns.values.output_tokens[at]);
  if (Number.isNaN(first) || Number.isNaN(last) || iterations <= 1) {
    emit(firstKnown(last, columns.end[at]), output);
    return;
  }
  emit(first, output > 0 ? 1 : 0);
  const perIteration = columns.values.iter_tokens_per_iteration[at] ?? Number.NaN;
  if (Number.isNaN(perIteration)) return;
  const step = (last - first) / (iterations - 1);
  for (let iteration = 1; iteration < iterations; iteration += 1) {
    emit(first + iteration * step, perIteration);
  }
}

type EmitRequest = (columns: RequestColumns, at: number, emit: Emit) => void;

function exactCollector(columns: RequestColumns, members: Uint32Array, emitRequest: EmitRequest): TimedWeights {
  const times: number[] = [];
  const weights: number[] = [];
  for (const at of members) {
    emitRequest(columns, at, (time, weight) => {
      times.push(time);
      weights.push(weight);
    });
  }
  return { times: Float64Array.from(times), weights: Float64Array.from(weights) };
}

function gridCollector(window: { readonly start: number; readonly end: number }) {
  const cell = Math.max(MIN_CELL_SECONDS, (window.end - window.start) / MAX_GRID_CELLS);
  const cells = new Float64Array(Math.floor((window.end - window.start) / cell) + 1);
  return (columns: RequestColumns, members: Uint32Array, emitRequest: EmitRequest): TimedWeights => {
    cells.fill(0);
    const emit = (time: number, weight: number): void => {
      if (time >= window.start && time <= window.end) {
        const index = Math.floor((time - window.start) / cell);
        cells[index] = (cells[index] ?? 0) + weight;
      }
    };
    for (const at of members) {
      emitRequest(columns, at, emit);
    }
    const used = cells.reduce((count, weight) => (weight > 0 ? count + 1 : count), 0);
    const times = new Float64Array(used);
    const weights = new Float64Array(used);
    let kept = 0;
    for (let index = 0; index < cells.length; index += 1) {
      const weight = cells[index] ?? 0;
      if (weight <= 0) continue;
      times[kept] = Math.min(window.start + (index + 0.5) * cell, window.end);
      weights[kept] = weight;
      kept += 1;
    }
    return { times, weights };
  };
}

function firstKnown(first: number | undefined, second: number | undefined): number {
  return first === undefined || Number.isNaN(first) ? (second ?? Number.NaN) : first;
}

function known(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value;
}
