import { DataError } from "../errors.js";
import type { DataRow, DataSource } from "../source/data-source.js";

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
 * `source.prompt` restrict a name to one source.
 */
export class ColumnMapper {
  readonly #assignments: readonly Assignment[];

  /**
   * @throws {DataError} CORE_DATA_NO_COLUMNS when nothing matches in any source.
   */
  constructor(mappings: Readonly<Record<string, readonly string[]>>, sources: readonly DataSource[]) {
    this.#assignments = sources.flatMap((source, sourceIndex) =>
      Object.entries(mappings).flatMap(([columnType, names]) => assign(source, sourceIndex, columnType, names)),
    );
    if (this.#assignments.length > 0) return;
    const found = sources.map((source) => `${source.name} has ${source.columns.join(", ") || "no columns"}`).join("; ");
    throw new DataError(`No column of the data is recognised: ${found}.`, {
      code: "CORE_DATA_NO_COLUMNS",
      hint: "Name it with --data-column-mapper kind=generative_column_mapper,column_mappings.text_column=NAME.",
    });
  }

  /** Turns of one row of every source; gaps in the numbering are closed, null cells are dropped. */
  map(rows: readonly DataRow[]): readonly MappedTurn[] {
    const turns = new Map<number, Record<string, unknown[]>>();
    const unnumbered: Record<string, unknown[]> = {};
    for (const { sourceIndex, column, columnType, turn } of this.#assignments) {
      const value = rows[sourceIndex]?.[column];
      if (value === null || value === undefined) continue;
      const cells = turn < 0 ? unnumbered : (turns.get(turn) ?? {});
      if (turn >= 0) turns.set(turn, cells);
      const values = cells[columnType] ?? [];
      values.push(value);
      cells[columnType] = values;
    }
    const ordered = [...turns.entries()].sort(([a], [b]) => a - b).map(([, cells]) => cells);
    if (Object.keys(unnumbered).length > 0) {
      // columns without a number belong to the first turn there is
      const first = ordered[0] ?? {};
      if (ordered.length === 0) ordered.push(first);
      for (const [columnType, values] of Object.entries(unnumbered))
        first[columnType] = [...values, ...(first[columnType] ?? [])];
    }
    return ordered;
  }
}

function assign(source: DataSource, sourceIndex: number, columnType: string, names: readonly string[]): Assignment[] {
  const candidates = names.flatMap((name) => {
    const dot = name.indexOf(".");
    if (dot < 0) return [name];
    const owner = name.slice(0, dot);
    return owner === String(sourceIndex) || owner === source.name ? [name.slice(dot + 1)] : [];
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

/** Turn number in a column name that is `name`, -1 without one, null when the column is not `name` at all. */
function turnOf(column: string, name: string): number | null {
  const lower = column.toLowerCase();
  const wanted = name.toLowerCase();
  if (!lower.startsWith(wanted)) return null;
  const match = /^(?:es|s)?(?:[-_]?(\d+))?$/.exec(lower.slice(wanted.length));
  return match === null ? null : match[1] === undefined ? -1 : Number(match[1]);
}
