import { type TextTable, widthOf } from "./text-table.js";
import { wrapCell } from "./wrap-cell.js";

/** Least columns that a text is wrapped to: narrower, nobody could read it. */
const LEAST_TEXT_COLUMNS = 8;
/** Columns between two groups. */
const SEPARATOR_COLUMNS = 3;

/** A group of columns with what stands in them. */
interface Block {
  readonly title: string;
  readonly columns: readonly { readonly name: string; readonly cells: readonly string[] }[];
}

/**
 * Splits a table that is wider than a terminal, so that no row is broken. Every part begins with the first group and
 * holds as many of the others as fit; a group that does not fit is split between its columns, and the text of a column
 * that does not fit goes on below itself.
 *
 * @param width - Columns of the terminal.
 */
export function fitTable(table: TextTable, width: number): readonly TextTable[] {
  const [first, ...others] = blocksOf(table);
  if (first === undefined || others.length === 0) return [table];
  const fits = (...blocks: readonly Block[]): boolean => widthOf(tableOf([first, ...blocks])) <= width;
  const room = Math.max(LEAST_TEXT_COLUMNS, width - widthOf(tableOf([first])) - SEPARATOR_COLUMNS);
  const parts: Block[][] = [];
  for (const piece of others.flatMap((block) => splitBlock(wrapTitle(block, room), fits))) {
    const part = parts.at(-1);
    if (part !== undefined && fits(...part, piece)) part.push(piece);
    else parts.push([piece]);
  }
  return parts.map((part, at) => ({
    ...tableOf(fits(...part) ? [first, ...part] : wrapCells(first, part, room)),
    title: at === 0 ? table.title : `${table.title}, continued`,
    ...(table.footnote !== undefined && at === parts.length - 1 ? { footnote: table.footnote } : {}),
  }));
}

function wrapTitle(block: Block, room: number): Block {
  return { ...block, title: wrapCell(block.title, room).join("\n") };
}

/** A block in pieces of as many columns as fit, one at least. */
function splitBlock({ title, columns }: Block, fits: (piece: Block) => boolean): readonly Block[] {
  const pieces: Block[] = [];
  for (const column of columns) {
    const wider = { title, columns: [...(pieces.at(-1)?.columns ?? []), column] };
    if (pieces.length > 0 && fits(wider)) pieces[pieces.length - 1] = wider;
    else pieces.push({ title, columns: [column] });
  }
  return pieces;
}

/** Wraps the one column beside the first group to `room`; what does not fit stands in rows of its own. */
function wrapCells(first: Block, [only]: readonly Block[], room: number): readonly Block[] {
  if (only === undefined) return [first];
  const wrapped = only.columns.map(({ name, cells }) => ({ name, cells: cells.map((cell) => wrapCell(cell, room)) }));
  const heights = wrapped[0]?.cells.map((lines) => lines.length) ?? [];
  const spread = (cell: string, row: number): string[] =>
    Array.from({ length: heights[row] ?? 1 }, (_, line) => (line === 0 ? cell : ""));
  return [
    { ...first, columns: first.columns.map((column) => ({ ...column, cells: column.cells.flatMap(spread) })) },
    { ...only, columns: wrapped.map(({ name, cells }) => ({ name, cells: cells.flat() })) },
  ];
}

function blocksOf({ groups, rows }: TextTable): readonly Block[] {
  let at = 0;
  return groups.map(({ title, columns }) => {
    const from = at;
    at += columns.length;
    return {
      title,
      columns: columns.map((name, column) => ({ name, cells: rows.map((row) => row[from + column] ?? "") })),
    };
  });
}

function tableOf(blocks: readonly Block[]): TextTable {
  const columns = blocks.flatMap((block) => block.columns);
  const height = columns[0]?.cells.length ?? 0;
  return {
    title: "",
    groups: blocks.map((block) => ({ title: block.title, columns: block.columns.map(({ name }) => name) })),
    rows: Array.from({ length: height }, (_, row) => columns.map(({ cells }) => cells[row] ?? "")),
  };
}
