import { BackendError, type GenerationRequest, type HistoryTurn } from "@core/backend";

/** Non-empty texts of a column. */
export function textsOf(request: GenerationRequest, column: string): readonly string[] {
  const texts: string[] = [];
  for (const value of request.columns[column] ?? []) {
    const text = typeof value === "string" ? value : value === null || value === undefined ? "" : String(value);
    if (text !== "") texts.push(text);
  }
  return texts;
}

/** The requested output length in tokens; null when the server decides. */
export function requestedTokens(request: GenerationRequest): number | null {
  const tokens = request.outputMetrics.text_tokens;
  return tokens !== null && tokens > 0 ? tokens : null;
}

/**
 * Refuses a request that has nothing to send.
 *
 * @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST, always.
 */
export function refuseEmpty(request: GenerationRequest, field: string, usableColumns: readonly string[]): never {
  const present = Object.entries(request.columns).filter(([, values]) => values.length > 0);
  throw new BackendError(
    `The request has nothing for "${field}". Columns that can fill it: ${usableColumns.join(", ")}. ` +
      `Columns present and not empty: ${present.map(([name]) => name).join(", ") || "none"}.`,
    {
      code: "CORE_BACKEND_UNUSABLE_REQUEST",
      hint: "Map a column of the data to one of these, for example with data_column_mapper.",
    },
  );
}

/** The prefix that a turn has: its own, else the newest of the turns before; null when there is none. */
export function prefixInForce(request: GenerationRequest, history: readonly HistoryTurn[] | null): string | null {
  const turns = [...(history ?? []).map((turn) => turn.request), request];
  const prefixes = turns.map((turn) => textsOf(turn, "prefix_column").join(" "));
  return prefixes.findLast((prefix) => prefix !== "") ?? null;
}
