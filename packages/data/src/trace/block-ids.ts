import { isMapping, show } from "@core/registry";
import { badRow, isEmptyCell } from "../finalizer/read-cells.js";

/** Numbers for identifiers of blocks, whatever these are: from 0, in the order in which they are first met. */
export class BlockNumbers {
  readonly #numbers = new Map<string | number, number>();

  /** Number of an identifier, the same for the same one. */
  of(id: string | number): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    this.#numbers.set(id, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

/**
 * Identifiers of blocks in a cell: whole numbers >= 0 or text, as a list or as JSON text of one.
 *
 * @throws {DataError} CORE_DATA_BAD_ROW for anything else.
 */
export function readBlockIds(cell: unknown, name: string): readonly (string | number)[] {
  const value = typeof cell === "string" ? parsed(cell) : cell;
  if (isEmptyCell(value)) return [];
  if (!Array.isArray(value)) throw badRow(`${name} must be a list of identifiers, got ${show(cell)}`);
  for (const id of value) {
    if (typeof id === "string" ? id !== "" : Number.isInteger(id) && id >= 0) continue;
    throw badRow(`${name} must hold whole numbers >= 0 or text, got ${isMapping(id) ? "a mapping" : show(id)}`);
  }
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // no JSON: judged as the text it is
  }
}
