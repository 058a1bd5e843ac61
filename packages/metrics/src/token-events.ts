import { EventGrid } from "./event-grid.js";
import { membersByGroup } from "./group-members.js";
import type { TimedWeights } from "./merge-times.js";
import { pick } from "./pick.js";
import { sortIndicesByValue } from "./radix-sort.js";
import type { RequestColumns } from "./request-columns.js";

/** More events than this are added up on a grid, which bounds time and memory for any run and spares sorting them. */
const MAX_EXACT_EVENTS = 1 << 16;

/** Token events of each group, in the order of `GROUPS`. */
export interface TokenEvents {
  readonly prompt: readonly TimedWeights[];
  readonly output: readonly TimedWeights[];
}

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
  const groups = membersByGroup(columns, members);
  if (eventsExpected(columns, members) <= MAX_EXACT_EVENTS) {
    return {
      prompt: groups.map((own) => exactEvents(columns, own, placePrompt)),
      output: groups.map((own) => exactEvents(columns, own, placeOutput)),
    };
  }
  const grid = new EventGrid(window);
  return {
    prompt: groups.map((own) => gridEvents(columns, own, placePrompt, grid)),
    output: groups.map((own) => gridEvents(columns, own, placeOutput, grid)),
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

/** The same events, the earliest first; those of one instant keep their order. */
export function inOrderOfTime(events: TimedWeights): TimedWeights {
  const order = sortIndicesByValue(events.times);
  return { times: pick(events.times, order), weights: pick(events.weights, order) };
}

/** Two lists in order of time as one; at one instant the events of the left list come first. */
export function mergeEvents(left: TimedWeights, right: TimedWeights): TimedWeights {
  const length = left.times.length + right.times.length;
  const times = new Float64Array(length);
  const weights = new Float64Array(length);
  let leftAt = 0;
  let rightAt = 0;
  for (let at = 0; at < length; at += 1) {
    const leftTime = left.times[leftAt] ?? Number.POSITIVE_INFINITY;
    const rightTime = right.times[rightAt] ?? Number.POSITIVE_INFINITY;
    if (leftTime <= rightTime && leftAt < left.times.length) {
      times[at] = leftTime;
      weights[at] = left.weights[leftAt++] ?? 0;
    } else {
      times[at] = rightTime;
      weights[at] = right.weights[rightAt++] ?? 0;
    }
  }
  return { times, weights };
}

/** At most so many events have the tokens of these requests. */
function eventsExpected(columns: RequestColumns, members: Uint32Array): number {
  let sum = 0;
  for (let place = 0; place < members.length; place += 1) {
    sum += Math.max(1, columns.tokenIterations[members[place] ?? 0] ?? 0);
  }
  return sum;
}

/** Writes the events of one request to `to`, from `offset` on. @returns Where the next ones go. */
type PlaceEvents = (columns: RequestColumns, at: number, to: TimedWeights, offset: number) => number;

function placePrompt(columns: RequestColumns, at: number, { times, weights }: TimedWeights, offset: number): number {
  times[offset] = firstKnown(columns.firstToken[at], columns.end[at]);
  weights[offset] = known(columns.values.prompt_tokens[at]);
  return offset + 1;
}

function placeOutput(columns: RequestColumns, at: number, { times, weights }: TimedWeights, offset: number): number {
  const first = columns.firstToken[at] ?? Number.NaN;
  const last = columns.lastToken[at] ?? Number.NaN;
  const iterations = columns.tokenIterations[at] ?? 0;
  const output = known(columns.values.output_tokens[at]);
  if (Number.isNaN(first) || Number.isNaN(last) || iterations <= 1) {
    times[offset] = firstKnown(last, columns.end[at]);
    weights[offset] = output;
    return offset + 1;
  }
  times[offset] = first;
  weights[offset] = output > 0 ? 1 : 0;
  const perIteration = columns.values.iter_tokens_per_iteration[at] ?? Number.NaN;
  if (Number.isNaN(perIteration)) return offset + 1;
  const step = (last - first) / (iterations - 1);
  for (let iteration = 1; iteration < iterations; iteration += 1) {
    times[offset + iteration] = first + iteration * step;
    weights[offset + iteration] = perIteration;
  }
  return offset + iterations;
}

function exactEvents(columns: RequestColumns, members: Uint32Array, place: PlaceEvents): TimedWeights {
  const room = eventsExpected(columns, members);
  const events = { times: new Float64Array(room), weights: new Float64Array(room) };
  let count = 0;
  for (let index = 0; index < members.length; index += 1) count = place(columns, members[index] ?? 0, events, count);
  return { times: events.times.subarray(0, count), weights: events.weights.subarray(0, count) };
}

function gridEvents(columns: RequestColumns, members: Uint32Array, place: PlaceEvents, grid: EventGrid): TimedWeights {
  if (members.length === 0) return concatEvents([]); // no need to look at the cells
  let most = 1;
  for (let index = 0; index < members.length; index += 1) {
    most = Math.max(most, columns.tokenIterations[members[index] ?? 0] ?? 0);
  }
  const events = { times: new Float64Array(most), weights: new Float64Array(most) };
  for (let index = 0; index < members.length; index += 1) {
    grid.add(events, place(columns, members[index] ?? 0, events, 0));
  }
  return grid.take();
}

function firstKnown(first: number | undefined, second: number | undefined): number {
  return first === undefined || Number.isNaN(first) ? (second ?? Number.NaN) : first;
}

function known(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value;
}
