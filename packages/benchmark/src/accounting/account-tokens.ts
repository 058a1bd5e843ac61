import type { EngineCounters } from "@core/backend";
import { type OutputTokenSource, outputTokenSource, RECORD_STATUS, type RecordTable } from "@core/metrics";

/** Where the output token counts of completed requests come from, and how they agree. */
export interface TokenAccounting {
  /** Completed requests. */
  readonly requests: number;
  /** How many of them have their count from where; unknown where a text has none. Vectors and scores have no tokens. */
  readonly sources: Readonly<Record<OutputTokenSource | "unknown", number>>;
  /** Those that asked for a length and whose count is the server's, and those of them that have exactly this length. */
  readonly requested_length: { readonly requests: number; readonly met: number };
  /** Those whose stream had more events with tokens than the server counts tokens: one of both is wrong. */
  readonly requests_with_more_events_than_tokens: number;
  /** What the client's tokenizer makes of the kept texts, beside the server's counts; null when none were counted. */
  readonly tokenizer: TokenizerComparison | null;
  /** What the engine counted itself, cut requests too; null when the backend holds no engine or it does not tell. */
  readonly engine: EngineCount | null;
}

/** Two counts of the same texts. */
export interface TokenizerComparison {
  readonly kind: string;
  readonly requests: number;
  readonly server_tokens: number;
  readonly tokenizer_tokens: number;
}

/** Totals of an engine during a run. */
export interface EngineCount {
  readonly requests: number;
  readonly prompt_tokens: number;
  readonly output_tokens: number;
}

/**
 * Takes stock of the output token counts.
 *
 * @param clientTokens - Counts of the client's tokenizer by request index.
 * @param engines - What the engine of each worker counted.
 */
export function accountTokens(
  table: RecordTable,
  clientTokens: ReadonlyMap<number, number>,
  tokenizerKind: string,
  engines: readonly (EngineCounters | null)[],
): TokenAccounting {
  const sources = { server: 0, tokenizer: 0, requested: 0, stream_events: 0, unknown: 0 };
  const length = { requests: 0, met: 0 };
  const compared = { requests: 0, server_tokens: 0, tokenizer_tokens: 0 };
  let moreEvents = 0;
  let requests = 0;
  const status = table.column("status");
  const tokenEvents = table.column("token_iterations");
  const outputTokens = table.column("output_tokens");
  const flags = table.column("flags");
  const asked = table.column("expected_output_tokens");
  for (let row = 0; row < table.count; row += 1) {
    if (status[row] !== RECORD_STATUS.completed) continue;
    requests += 1;
    const events = tokenEvents[row] ?? 0;
    const output = outputTokens[row] ?? Number.NaN;
    const source = outputTokenSource(flags[row] ?? 0, Number.isNaN(output) && events > 0 ? events : output);
    if (source !== null) sources[source] += 1;
    else if (table.get(row, "output_text_words") > 0) sources.unknown += 1;
    if (source !== "server") continue;
    const requested = asked[row] ?? Number.NaN;
    if (requested > 0) {
      length.requests += 1;
      length.met += requested === output ? 1 : 0;
    }
    if (events > output) moreEvents += 1;
    const counted = clientTokens.get(table.get(row, "index"));
    if (counted === undefined) continue;
    compared.requests += 1;
    compared.server_tokens += output;
    compared.tokenizer_tokens += counted;
  }
  return {
    requests,
    sources,
    requested_length: length,
    requests_with_more_events_than_tokens: moreEvents,
    tokenizer: compared.requests === 0 ? null : { kind: tokenizerKind, ...compared },
    engine: sumOfEngines(engines),
  };
}

function sumOfEngines(engines: readonly (EngineCounters | null)[]): EngineCount | null {
  const known = engines.filter((counters) => counters !== null);
  if (known.length === 0 || known.length < engines.length) return null;
  const sum = (read: (counters: EngineCounters) => number): number =>
    known.reduce((total, counters) => total + read(counters), 0);
  return {
    requests: sum(({ requests }) => requests),
    prompt_tokens: sum(({ promptTokens }) => promptTokens),
    output_tokens: sum(({ outputTokens }) => outputTokens),
  };
}
