import { DataError } from "../errors.js";
import { classOf } from "../finalizer/class-names.js";
import { badRow, isEmptyCell, readCount, readSeconds } from "../finalizer/read-cells.js";
import { DEFAULT_COLUMN_NAMES } from "../mapper/column-names.js";
import type { DataRow, DataSource } from "../source/data-source.js";
import type { ReadSession } from "./open-trace.js";
import type { RecordedTurn } from "./session-timing.js";
import type { TraceArgs } from "./trace-fields.js";

/** A recorded request with its lengths. */
export interface RecordedLengths extends RecordedTurn {
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/**
 * Reads a trace whose every line is a conversation of one request, by time; the first is the zero of time.
 *
 * @param more - Reads what the format has beside lengths and times. @throws {DataError} CORE_DATA_BAD_ROW.
 * @throws {DataError} CORE_DATA_NO_COLUMNS.
 */
export function readLines<M>(
  source: DataSource,
  args: TraceArgs,
  more: { readonly columns: readonly string[]; readonly read: (row: DataRow, lengths: RecordedLengths) => M },
): readonly ReadSession<RecordedLengths & M>[] {
  assertColumns(source, [args.timestamp_column, args.prompt_tokens_column, args.output_tokens_column, ...more.columns]);
  const read = Array.from({ length: source.rowCount ?? 0 }, (_, index) => {
    const row = source.row(index, 0);
    return readSession(`line ${index + 1} of the trace`, () => {
      const lengths = readLengths(row, args);
      return { turns: [{ ...lengths, ...more.read(row, lengths) }], trafficClass: trafficClassOf(row) };
    });
  });
  const startOf = (session: ReadSession<RecordedTurn>): number =>
    "turns" in session ? (session.turns[0]?.timestamp ?? 0) : Number.POSITIVE_INFINITY;
  const sorted = [...read].sort((left, right) => Math.sign(startOf(left) - startOf(right)) || 0);
  return fromZero(sorted);
}

/** Conversations with times from the first of all. */
export function fromZero<T extends RecordedTurn>(sessions: readonly ReadSession<T>[]): readonly ReadSession<T>[] {
  let zero = Number.POSITIVE_INFINITY;
  for (const session of sessions) {
    if ("turns" in session) for (const { timestamp } of session.turns) zero = Math.min(zero, timestamp);
  }
  return sessions.map((session) =>
    "turns" in session
      ? { ...session, turns: session.turns.map((turn) => ({ ...turn, timestamp: turn.timestamp - zero })) }
      : session,
  );
}

/** Reads a conversation; what makes it unusable becomes its problem, with `where` it is. */
export function readSession<T extends RecordedTurn>(where: string, read: () => ReadSession<T>): ReadSession<T> {
  try {
    return read();
  } catch (error) {
    if (!DataError.isInstance(error)) throw error;
    return { problem: `${where}: ${error.message}` };
  }
}

/** Lengths and times of a row, or of an entry of one. @throws {DataError} CORE_DATA_BAD_ROW. */
export function readLengths(row: DataRow, args: TraceArgs): RecordedLengths {
  const cell = (column: string): unknown => {
    if (isEmptyCell(row[column])) throw badRow(`${column} is empty`);
    return row[column];
  };
  return {
    timestamp: readSeconds(cell(args.timestamp_column), args.timestamp_column) ?? 0,
    promptTokens: readCount(cell(args.prompt_tokens_column), args.prompt_tokens_column),
    outputTokens: readCount(cell(args.output_tokens_column), args.output_tokens_column),
    duration: readSeconds(row[args.duration_column], args.duration_column),
  };
}

/** Class of the traffic that a row of a trace names in one of the usual columns. */
export function trafficClassOf(row: DataRow): string | null {
  for (const column of DEFAULT_COLUMN_NAMES["class_column"] ?? []) {
    const name = classOf(row[column]);
    if (name !== null) return name;
  }
  return null;
}

/** @throws {DataError} CORE_DATA_NO_COLUMNS naming those that the source lacks. */
function assertColumns(source: DataSource, needed: readonly string[]): void {
  const missing = needed.filter((name) => !source.columns.includes(name));
  if (missing.length === 0) return;
  throw new DataError(`The trace in ${source.name} has no column ${missing.join(", ")}.`, {
    code: "CORE_DATA_NO_COLUMNS",
    hint: `It has ${source.columns.join(", ")}; name them with timestamp_column, prompt_tokens_column and the like.`,
  });
}
