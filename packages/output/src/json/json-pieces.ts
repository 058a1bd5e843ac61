/** Levels that are written piece by piece: root, benchmarks, benchmark, requests, list. */
const LEVELS = 5;

/**
 * JSON of a report in pieces, so that no single string has to hold a run of millions of requests. The pieces joined are
 * exactly `JSON.stringify(value)`.
 */
export function* jsonPieces(value: unknown, levels: number = LEVELS): Generator<string, void> {
  if (levels === 0 || typeof value !== "object" || value === null || "toJSON" in value) {
    yield JSON.stringify(value) ?? "null";
  } else if (Array.isArray(value)) {
    yield* listPieces(value, levels);
  } else {
    yield* objectPieces(value, levels);
  }
}

function* listPieces(list: readonly unknown[], levels: number): Generator<string, void> {
  yield "[";
  let separator = "";
  for (const entry of list) {
    yield separator;
    yield* jsonPieces(entry, levels - 1);
    separator = ",";
  }
  yield "]";
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
