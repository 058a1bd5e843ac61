import { DataError } from "../errors.js";
import { isEmptyCell } from "../finalizer/read-cells.js";
import type { DataRow, DataSource } from "../source/data-source.js";
import { DEFAULT_COLUMN_NAMES, isAccompanyingColumn } from "./column-names.js";

/** Cells of one turn by column type; each list holds one value per contributing column. */
export type MappedTurn = Readonly<Record<string, readonly unknown[]>>;

/** Where one cell of a row goes. */
interface Assignment {
  readonly sourceIndex: number;
  readonly column: string;
  readonly columnType: string;
  readonly turn: number;
}

/**
 * Assigns columns of all sources to column types and turns, once, from their names.
 *
 * A column matches a name when, without regard to case, it is the name, an optional plural `s` or `es`, and an optional
 * turn number (`prompt_2`). Of several matching base names the first column in source order wins; `0.prompt` or
 * `FILE.prompt` restrict a name to one source.
 */
export class ColumnMapper {
  readonly #assignments: readonly Assignment[];

  /**
   * @param mappings - Names by column type; null for the usual ones, of which any may be absent.
   * @throws {DataError} CORE_DATA_NO_COLUMNS when a name of `mappings` is in no source, or no column can be sent.
   */
  constructor(mappings: Readonly<Record<string, readonly string[]>> | null, sources: readonly DataSource[]) {
    this.#assignments = sources.flatMap((source, sourceIndex) =>
      Object.entries(mappings ?? DEFAULT_COLUMN_NAMES).flatMap(([columnType, names]) =>
        assign(source, sourceIndex, columnType, names),
      ),
    );
    const found = new Set(this.#assignments.map(({ columnType }) => columnType));
    for (const [columnType, names] of Object.entries(mappings ?? {})) {
      if (!found.has(columnType)) {
        throw noColumns(`No column of the data is ${orList(names)} (${columnType})`, sources, columnType);
      }
    }
    if ([...found].every(isAccompanyingColumn)) throw noColumns("No column of the data can be sent", sources);
  }

  /** Columns of a source that hold cells of a type. */
  columnsOf(source: number, type: string): readonly string[] {
    return this.#assignments
      .filter(({ sourceIndex, columnType }) => sourceIndex === source && columnType === type)
      .map(({ column }) => column);
  }

  /** Turns of one row of every source; gaps in the numbering are closed, empty cells are dropped. */
  map(rows: readonly DataRow[]): readonly MappedTurn[] {
    const turns = new Map<number, Record<string, unknown[]>>();
    const unnumbered: Record<string, unknown[]> = {};
    for (const { sourceIndex, column, columnType, turn } of this.#assignments) {
      const value = rows[sourceIndex]?.[column];
      if (isEmptyCell(value)) continue;
      const cells = turn < 0 ? unnumbered : (turns.get(turn) ?? {});
      if (turn >= 0) turns.set(turn, cells);
      const values = cells[columnType] ?? [];
      values.push(value);
      cells[columnType] = values;
    }
    const hasUnnumbered = Object.keys(unnumbered).length > 0;
    if (turns.size === 0) return hasUnnumbered ? [unnumbered] : [];
    const ordered = [...turns.entries()].sort(([a], [b]) => a - b).map(([, cells]) => cells);
    if (hasUnnumbered) {
      // columns without a number belong to the first turn there is
      const first = ordered[0] ?? {};
      for (const [columnType, values] of Object.entries(unnumbered))
        first[columnType] = [...values, ...(first[columnType] ?? [])];
    }
    return ordered;
  }
}

function assign(source: DataSource, sourceIndex: number, columnType: string, names: readonly string[]): Assignment[] {
  const owners = [`${sourceIndex}.`, `${source.name}.`]; // the name may be a path with dots of its own
  const candidates = names.flatMap((name) => {
    if (!name.includes(".")) return [name];
    const owner = owners.find((prefix) => name.startsWith(prefix));
    return owner === undefined ? [] : [name.slice(owner.length)];
  });
  const base = candidates
    .map((name) => ({ name, at: source.columns.findIndex((column) => turnOf(column, name) !== null) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)[0]?.name;
  if (base === undefined) return [];
  const matching = source.columns.flatMap((column) => {
    const turn = turnOf(column, base);
    return turn === null ? [] : [{ column, turn }];
  });
  const several = matching.length > 1;
  return matching.map(({ column, turn }, ordinal) => {
    return { sourceIndex, column, columnType, turn: turn >= 0 ? turn : several ? ordinal : -1 };
  });
}

function orList(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(" or ") || "named";
}

function noColumns(problem: string, sources: readonly DataSource[], columnType = "text_column"): DataError {
  const kind = columnType === "pooling_column" ? "pooling_column_mapper" : "generative_column_mapper";
  const present = sources.map(({ name, columns }) => `${name} has ${columns.join(", ") || "no columns"}`).join("; ");
  return new DataError(`${problem}: ${present}.`, {
    code: "CORE_DATA_NO_COLUMNS",
    hint: `Name it with --data-column-mapper kind=${kind},column_mappings.${columnType}=NAME.`,
  });
}

/** Turn number in a column name that is `name`, -1 without one, null when the column is not `name` at all. */
function turnOf(column: string, name: string): number | null {
  const lower = column.toLowerCase();
  const wanted = name.toLowerCase();
  if (!lower.startsWith(wanted)) return null;
  const match = /^(?:es|s)?(?:[-_]?(\d+))?$/.exec(lower.slice(wanted.length));
  return match === null ? null : match[1] === undefined ? -1 : Number(match[1]);
}
