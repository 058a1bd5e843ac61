import { GapHistogram, RECORD_STATUS, type RecordTable } from "@core/metrics";

/** In how many pieces streams were read. */
export interface StreamReads {
  /** Completed streams of enough events to be read in several pieces. */
  readonly count: number;
  /** Those whose events all came in one read. */
  readonly readAtOnce: number;
  /** Events with tokens per read that brought any; null without streams. */
  readonly tokensPerRead: number | null;
}

/** A server may well write two or three events at once. */
const LEAST_EVENTS = 4;
/** Gaps below a microsecond are between events of one read. */
const SAME_READ_BUCKET = 0;

/** Counts over all completed requests. */
export function streamReadsOf(table: RecordTable): StreamReads {
  const gaps = new GapHistogram();
  let [count, readAtOnce, events] = [0, 0, 0];
  const status = table.column("status");
  const tokenEvents = table.column("token_iterations");
  const first = table.column("first_token_ns");
  const last = table.column("last_token_ns");
  for (let row = 0; row < table.count; row += 1) {
    const tokens = tokenEvents[row] ?? 0;
    if (status[row] !== RECORD_STATUS.completed || tokens < LEAST_EVENTS) continue;
    count += 1;
    events += tokens;
    if (first[row] === last[row]) readAtOnce += 1;
    table.addGaps(row, gaps);
  }
  const reads = events - (gaps.counts[SAME_READ_BUCKET] ?? 0);
  return { count, readAtOnce, tokensPerRead: reads > 0 ? events / reads : null };
}
