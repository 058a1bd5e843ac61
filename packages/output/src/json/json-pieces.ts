import { RequestRecordList } from "@core/metrics";

/** Levels that are written piece by piece: root, benchmarks, benchmark, requests, list. */
const LEVELS = 5;

/**
 * JSON of a report in pieces, so that no single string has to hold a run of millions of requests, and their records need
 * not be there all at once. The pieces joined are exactly `JSON.stringify(value)`.
 */
export function* jsonPieces(value: unknown, levels: number = LEVELS): Generator<string, void> {
  if (levels > 0 && (Array.isArray(value) || value instanceof RequestRecordList)) {
    yield* listPieces(value, levels);
  } else if (levels > 0 && typeof value === "object" && value !== null && !("toJSON" in value)) {
    yield* objectPieces(value, levels);
  } else {
    yield JSON.stringify(value) ?? "null";
  }
}

function* listPieces(list: Iterable<unknown>, levels: number): Generator<string, void> {
  let separator = "[";
  for (const entry of list) {
    if (levels > 1) {
      yield separator;
      yield* jsonPieces(entry, levels - 1);
    } else {
      yield separator + (JSON.stringify(entry) ?? "null"); // Perf: no generator for each of a million requests
    }
    separator = ",";
  }
  yield separator === "[" ? "[]" : "]";
}

function* objectPieces(value: object, levels: number): Generator<string, void> {
  yield "{";
  let separator = "";
  for (const [key, entry] of Object.entries(value)) {
    if (entry === undefined || typeof entry === "function" || typeof entry === "symbol") continue;
    yield `${separator}${JSON.stringify(key)}:`;
    yield* jsonPieces(entry, levels - 1);
    separator = ",";
  }
  yield "}";
}
