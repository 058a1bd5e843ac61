import { outputTokenSource, RECORD_STATUS, type RecordTable } from "@core/metrics";

/**
 * Puts the counts of the client's tokenizer where the server told none. The tokenizer that comes with the program is not
 * that of the model: it only stands in where there are no events of a stream either.
 *
 * @param clientTokens - Counts of the client's tokenizer by request index.
 */
export function fillMissingCounts(
  table: RecordTable,
  clientTokens: ReadonlyMap<number, number>,
  tokenizerKind: string,
): void {
  const status = table.column("status");
  const flags = table.column("flags");
  const outputTokens = table.column("output_tokens");
  for (let row = 0; row < table.count; row += 1) {
    if (status[row] !== RECORD_STATUS.completed) continue;
    if (outputTokenSource(flags[row] ?? 0, outputTokens[row] ?? Number.NaN) === "server") continue;
    const counted = clientTokens.get(table.get(row, "index"));
    const isWorse = tokenizerKind === "builtin" && table.get(row, "token_iterations") > 0;
    if (counted !== undefined && counted > 0 && !isWorse) table.setTokenizedOutput(row, counted);
  }
}
