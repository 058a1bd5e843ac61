import type { GapHistogram } from "./gap-histogram.js";
import type { RecordBatch } from "./record-batch.js";
import { RECORD_FLAGS, RECORD_OFFSET, RECORD_STRIDE, type RecordField } from "./record-layout.js";

const INITIAL_ROWS = 256;
/** Rows that a table has room for at once, if so many are expected: memory that is not written to costs nothing. */
const MOST_EXPECTED_ROWS = 1 << 15;
const INITIAL_PAIRS = 4096;

/** All finished requests of one strategy run, appended batch by batch and read by field name. */
export class RecordTable {
  #rows: Float64Array<ArrayBuffer>;
  #count = 0;
  #gaps = new Uint16Array(INITIAL_PAIRS * 2);
  #pairCount = 0;
  readonly #errorCodes: string[] = [];
  #classNames: readonly string[] = [];

  /** @param expected - Rows there will be; infinite when it is not known. */
  constructor(expected = Number.POSITIVE_INFINITY) {
    const known = Number.isFinite(expected) ? expected : INITIAL_ROWS;
    const rows = Math.min(Math.max(known, INITIAL_ROWS), MOST_EXPECTED_ROWS);
    this.#rows = new Float64Array(rows * RECORD_STRIDE);
  }

  /** Number of rows. */
  get count(): number {
    return this.#count;
  }

  /** Error codes seen, in order of first appearance; positions are the values of `error_code_id`. */
  get errorCodes(): readonly string[] {
    return this.#errorCodes;
  }

  /** Classes of traffic; positions are the values of `class_id`. Empty until {@link nameClasses}. */
  get classNames(): readonly string[] {
    return this.#classNames;
  }

  /** Says what the data calls its classes of traffic: once, when the run has ended. */
  nameClasses(names: readonly string[]): void {
    this.#classNames = [...names];
  }

  /** Class of a row, null when it has none. */
  className(row: number): string | null {
    return this.#classNames[this.get(row, "class_id")] ?? null;
  }

  /** Appends a batch; its buffers are copied and not kept. */
  append(batch: RecordBatch): void {
    const rows = new Float64Array(batch.rows, 0, batch.count * RECORD_STRIDE);
    const pairs = new Uint16Array(batch.gaps);
    const first = this.#count;
    this.#rows = grown(this.#rows, (first + batch.count) * RECORD_STRIDE, (length) => new Float64Array(length));
    this.#rows.set(rows, first * RECORD_STRIDE);
    this.#gaps = grown(this.#gaps, this.#pairCount * 2 + pairs.length, (length) => new Uint16Array(length));
    this.#gaps.set(pairs, this.#pairCount * 2);
    this.#count += batch.count;
    this.#rebase(first, batch.errorCodes);
    this.#pairCount += pairs.length / 2;
  }

  /** Value of one field; `NaN` when unknown. `row` counts in order of arrival, 0 to `count - 1`. */
  get(row: number, field: RecordField): number {
    return row < this.#count ? (this.#rows[row * RECORD_STRIDE + RECORD_OFFSET[field]] ?? Number.NaN) : Number.NaN;
  }

  /** All values of a row, by `RECORD_OFFSET`: for what reads many of them. Shares memory with the table: read it at once. */
  fields(row: number): Float64Array {
    return this.#rows.subarray(row * RECORD_STRIDE, Math.min(row + 1, this.#count) * RECORD_STRIDE);
  }

  /** Replaces the output token count of a row by that of the client's tokenizer. */
  setTokenizedOutput(row: number, tokens: number): void {
    if (row >= this.#count) throw new RangeError(`there is no row ${row}`);
    const base = row * RECORD_STRIDE;
    const flags = (this.#rows[base + RECORD_OFFSET.flags] ?? 0) & ~RECORD_FLAGS.requestedOutputTokens;
    this.#rows[base + RECORD_OFFSET.output_tokens] = tokens;
    this.#rows[base + RECORD_OFFSET.output_text_tokens] = tokens;
    this.#rows[base + RECORD_OFFSET.flags] =
      flags | RECORD_FLAGS.estimatedOutputTokens | RECORD_FLAGS.tokenizedOutputTokens;
  }

  /** Copy of one field over all rows. */
  column(field: RecordField): Float64Array {
    const values = new Float64Array(this.#count);
    let at = RECORD_OFFSET[field];
    for (let row = 0; row < this.#count; row += 1) {
      values[row] = this.#rows[at] ?? Number.NaN;
      at += RECORD_STRIDE;
    }
    return values;
  }

  /** Error code of a row, null when it has none. */
  errorCode(row: number): string | null {
    return this.#errorCodes[this.get(row, "error_code_id")] ?? null;
  }

  /** Adds the token gaps of a row to `histogram`. */
  addGaps(row: number, histogram: GapHistogram): void {
    const offset = this.get(row, "gap_pair_offset") * 2;
    histogram.addPairs(this.#gaps.subarray(offset, offset + this.get(row, "gap_pair_count") * 2));
    histogram.addMoments(
      this.get(row, "gap_count"),
      this.get(row, "gap_sum_ns"),
      this.get(row, "gap_sumsq_ns2"),
      this.get(row, "gap_min_ns"),
      this.get(row, "gap_max_ns"),
    );
  }

  #rebase(first: number, errorCodes: readonly string[]): void {
    const ids = errorCodes.map((code) => {
      const known = this.#errorCodes.indexOf(code);
      return known >= 0 ? known : this.#errorCodes.push(code) - 1;
    });
    for (let row = first; row < this.#count; row += 1) {
      const base = row * RECORD_STRIDE;
      const offset = base + RECORD_OFFSET.gap_pair_offset;
      this.#rows[offset] = (this.#rows[offset] ?? 0) + this.#pairCount;
      const error = base + RECORD_OFFSET.error_code_id;
      this.#rows[error] = ids[this.#rows[error] ?? Number.NaN] ?? Number.NaN;
    }
  }
}

function grown<T extends Float64Array | Uint16Array>(array: T, length: number, create: (length: number) => T): T {
  if (length <= array.length) {
    return array;
  }
  const larger = create(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}
