import { nearestName } from "@core/registry";
import type { RequestColumns } from "../request-columns.js";

/** Turns of a conversation, from 0, both ends included; `last` may be infinite. */
export interface TurnRange {
  readonly first: number;
  readonly last: number;
}

/** Which requests an objective is about. */
export interface ObjectiveScope {
  /** Class of the traffic, as the data names it; null for all. */
  readonly trafficClass: string | null;
  /** Null for all. */
  readonly turns: TurnRange | null;
}

/** The scope of an objective that names none. */
export const ALL_REQUESTS: ObjectiveScope = Object.freeze({ trafficClass: null, turns: null });

const CONDITION = /^\s*([a-z_]+)\s*(<=|>=|<|>|=)\s*(.*?)\s*$/;
const NAMES = ["class", "turn"];

/** Reads conditions such as `class=chat`, `turn=0`, `turn>=1`, `class=chat,turn<3`. */
export function parseScope(text: string): { readonly value: ObjectiveScope } | { readonly problem: string } {
  let trafficClass: string | null = null;
  let first = 0;
  let last = Number.POSITIVE_INFINITY;
  for (const condition of text.split(",")) {
    const [, name = "", comparison = "", value = ""] = CONDITION.exec(condition) ?? [];
    if (!NAMES.includes(name)) {
      const near = nearestName(name, NAMES);
      return {
        problem: `must choose requests like [class=chat] or [turn>=1]${near === null ? "" : ` (did you mean ${near}?)`}`,
      };
    }
    if (name === "class") {
      if (comparison !== "=" || value === "" || trafficClass !== null) {
        return { problem: "must name one class, like [class=chat]" };
      }
      trafficClass = value;
      continue;
    }
    if (!/^\d+$/.test(value)) return { problem: "must give a turn as a whole number from 0, like [turn>=1]" };
    const range = rangeOf(comparison, Number(value));
    first = Math.max(first, range.first);
    last = Math.min(last, range.last);
  }
  if (first > last) return { problem: "must leave a turn over: no turn keeps all of its conditions" };
  const turns = first === 0 && last === Number.POSITIVE_INFINITY ? null : { first, last };
  return { value: { trafficClass, turns } };
}

/** Writes a scope in brackets as {@link parseScope} reads what stands in them; nothing for all requests. */
export function writeScope({ trafficClass, turns }: ObjectiveScope): string {
  const conditions = [...(trafficClass === null ? [] : [`class=${trafficClass}`]), ...writeTurns(turns)];
  return conditions.length === 0 ? "" : `[${conditions.join(",")}]`;
}

/** A test of requests by their position in the columns. */
export function scopeTest({ trafficClass, turns }: ObjectiveScope, columns: RequestColumns): (at: number) => boolean {
  const { first, last } = turns ?? { first: 0, last: Number.POSITIVE_INFINITY };
  const classId = trafficClass === null ? null : columns.classNames.indexOf(trafficClass);
  return (at) => {
    const turn = columns.turnIndex[at] ?? 0;
    return turn >= first && turn <= last && (classId === null || columns.classId[at] === classId);
  };
}

/** Why no request can have the class of an objective; null when some may. */
export function unknownClass(scope: ObjectiveScope, known: readonly string[]): string | null {
  const name = scope.trafficClass;
  if (name === null || known.includes(name)) return null;
  if (known.length === 0) return `no request has a class, so none is of the class "${name}"`;
  const near = nearestName(name, known);
  const shown = known.slice(0, MOST_SHOWN).join(", ");
  const more = known.length > MOST_SHOWN ? ` and ${known.length - MOST_SHOWN} more` : "";
  return `no request is of the class "${name}"; classes of the data: ${shown}${more}${near === null ? "" : ` (did you mean ${near}?)`}`;
}

const MOST_SHOWN = 20;

function rangeOf(comparison: string, turn: number): TurnRange {
  if (comparison === ">=") return { first: turn, last: Number.POSITIVE_INFINITY };
  if (comparison === ">") return { first: turn + 1, last: Number.POSITIVE_INFINITY };
  if (comparison === "<=") return { first: 0, last: turn };
  return comparison === "<" ? { first: 0, last: turn - 1 } : { first: turn, last: turn };
}

function writeTurns(turns: TurnRange | null): readonly string[] {
  if (turns === null) return [];
  const { first, last } = turns;
  if (first === last) return [`turn=${first}`];
  return [...(first > 0 ? [`turn>=${first}`] : []), ...(last < Number.POSITIVE_INFINITY ? [`turn<=${last}`] : [])];
}
