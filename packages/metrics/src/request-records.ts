import { orElse } from "./column-arithmetic.js";
import { type RequestRecord, type RequestRecordInput, toRequestRecord } from "./per-request-record.js";
import { pick } from "./pick.js";
import { sortIndicesByValue } from "./radix-sort.js";
import type { RecordTable } from "./record-table.js";
import { GROUPS, type GroupName, type RequestColumns } from "./request-columns.js";
import type { RequestTexts } from "./request-texts.js";

/** Records of all started requests by final state. `total` is null, as in GuideLLM. */
export interface RequestRecords extends Readonly<Record<GroupName, RequestRecordList>> {
  readonly total: null;
}

/** What {@link toRequestRecords} needs. */
export interface RequestRecordsInput extends RequestRecordInput {
  /** Texts of the stored requests; every other request gets a light record. */
  readonly texts: readonly RequestTexts[];
}

/**
 * Records of requests, in order of request index. A record is made whenever it is asked for: those of a long run need
 * not be in memory all at once.
 */
export class RequestRecordList implements Iterable<RequestRecord> {
  readonly #input: RequestRecordInput;
  /** Positions in the columns. */
  readonly #positions: Uint32Array;
  readonly #texts: ReadonlyMap<number, RequestTexts>;

  constructor(input: RequestRecordInput, positions: Uint32Array, texts: ReadonlyMap<number, RequestTexts>) {
    this.#input = input;
    this.#positions = positions;
    this.#texts = texts;
  }

  get length(): number {
    return this.#positions.length;
  }

  /** @param place - From 0 to `length - 1`. */
  at(place: number): RequestRecord {
    const at = this.#positions[place];
    if (at === undefined) throw new RangeError(`there is no request ${place}`);
    const { table, columns } = this.#input;
    const index = table.get(columns.row[at] ?? Number.NaN, "index");
    return toRequestRecord(this.#input, at, this.#texts.get(index) ?? null);
  }

  *[Symbol.iterator](): Generator<RequestRecord, void> {
    for (let place = 0; place < this.length; place += 1) yield this.at(place);
  }

  toJSON(): readonly RequestRecord[] {
    return [...this];
  }
}

/** Lists every started request of a run by its final state. */
export function toRequestRecords(input: RequestRecordsInput): RequestRecords {
  const { columns, table } = input;
  const texts = new Map(input.texts.map((text) => [text.index, text]));
  const order = orderByIndex(columns, table);
  const ofGroup = (name: GroupName): RequestRecordList => {
    const group = GROUPS.indexOf(name);
    const positions = order.filter((at) => columns.group[at] === group);
    return new RequestRecordList(input, positions, texts);
  };
  return {
    successful: ofGroup("successful"),
    errored: ofGroup("errored"),
    incomplete: ofGroup("incomplete"),
    total: null,
  };
}

/** Positions in the columns by request index, unknown ones last. */
function orderByIndex(columns: RequestColumns, table: RecordTable): Uint32Array {
  const last = new Float64Array(columns.count).fill(Number.MAX_VALUE);
  return sortIndicesByValue(orElse(pick(table.column("index"), columns.row), last));
}
