import { isMapping } from "@core/registry";

/** Steps to a place in a configuration: keys of mappings and indices of lists. */
export type FieldPath = readonly (string | number)[];

const MAX_INDEX = 9_999;
const SEGMENT = /^(.+)\[(\d+)\]$/;

/**
 * Reads `a.b[2].c` into its steps. Anything else in brackets belongs to the name.
 *
 * @returns The steps, or why there are none.
 */
export function parseFieldPath(text: string): FieldPath | { readonly problem: string } {
  const steps: (string | number)[] = [];
  for (const part of text.split(".")) {
    const segment = part.trim();
    const [, name = segment, index] = SEGMENT.exec(segment) ?? [];
    if (name.trim() === "") return { problem: "the key has an empty part" };
    if (name === "__proto__") return { problem: "the key __proto__ is not allowed" };
    steps.push(name);
    if (index === undefined) continue;
    if (Number(index) > MAX_INDEX) return { problem: `the index ${index} is above ${MAX_INDEX}` };
    steps.push(Number(index));
  }
  return steps;
}

/** The path as it is written: `a.b[2].c`. */
export function writeFieldPath(path: FieldPath): string {
  return path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`),
    "",
  );
}

/** How {@link assignAt} treats what is there already. */
export type AssignMode = "once" | "overwrite";

type Container = Record<string | number, unknown>;

/**
 * Puts a value at a path, making mappings and lists on the way; gaps in lists become null.
 *
 * @param mode - `once` refuses a place that has a value, `overwrite` replaces it.
 * @returns Why it was refused, or null.
 */
export function assignAt(
  root: Record<string, unknown>,
  path: FieldPath,
  value: unknown,
  mode: AssignMode,
): string | null {
  let container = root as Container;
  for (const [at, step] of path.entries()) {
    const here = writeFieldPath(path.slice(0, at + 1));
    if (at === path.length - 1) {
      if (mode === "once" && hasValue(container, step)) return `the key ${here} is given twice`;
      put(container, step, value);
      return null;
    }
    const wanted = typeof path[at + 1] === "number" ? "list" : "mapping";
    const present = Object.hasOwn(container, step) ? container[step] : undefined;
    const fits = wanted === "list" ? Array.isArray(present) : isMapping(present);
    if (!fits) {
      if (mode === "once" && hasValue(container, step))
        return `the key ${here} is used both as a ${wanted} and otherwise`;
      put(container, step, wanted === "list" ? [] : {});
    }
    container = container[step] as Container;
  }
  return null;
}

/** Gaps of lists are holes, so that a given null counts as a value. */
function hasValue(container: Container, step: string | number): boolean {
  return Object.hasOwn(container, step);
}

function put(container: Container, step: string | number, value: unknown): void {
  container[step] = value;
}

/** Replaces the holes that {@link assignAt} left in lists by null. */
export function fillGaps(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, (item) => (item === undefined ? null : fillGaps(item)));
  if (!isMapping(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillGaps(item)]));
}
