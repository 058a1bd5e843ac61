import { defineField, type Field, type FieldMetadata, type Reading } from "./field.js";

/** Bounds of a number; both kinds may be combined. */
export interface NumberBounds {
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
}

const NUMERIC = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const TRUE = new Set(["true", "yes", "on", "t", "y", "1"]);
const FALSE = new Set(["false", "no", "off", "f", "n", "0"]);

/** A finite number; numeric text is accepted, NaN and infinities are not. */
export function numberField(description: string, bounds: NumberBounds = {}): Field<number> {
  return defineField(description, numberMetadata("number", bounds), (input) => readNumber(input, bounds));
}

/** A whole number within the safe range; `5.0` and `"5"` are accepted, `5.5` is not. */
export function integerField(description: string, bounds: NumberBounds = {}): Field<number> {
  return defineField(description, numberMetadata("integer", bounds), (input) => readInteger(input, bounds));
}

/** True or false; also yes/no, on/off, t/f, y/n, 1/0 in any case. */
export function booleanField(description: string): Field<boolean> {
  return defineField<boolean>(description, { typeText: "bool", jsonSchema: { type: "boolean" } }, (input) => {
    if (typeof input === "boolean") return { value: input };
    const word = typeof input === "string" || typeof input === "number" ? String(input).toLowerCase() : "";
    if (TRUE.has(word)) return { value: true };
    return FALSE.has(word) ? { value: false } : { problem: "must be true or false" };
  });
}

/** Text; numbers are refused, because `model=123` is more often a mistake than a name (quote it to mean it). */
export function textField(description: string): Field<string> {
  return defineField<string>(description, { typeText: "text", jsonSchema: { type: "string" } }, (input) =>
    typeof input === "string" ? { value: input } : { problem: "must be text (put it in quotes)" },
  );
}

/** One of a fixed set of texts. */
export function choiceField<const C extends string>(description: string, choices: readonly C[]): Field<C> {
  const metadata = { typeText: choices.join(" | "), jsonSchema: { type: "string", enum: choices } };
  return defineField<C>(description, metadata, (input) => {
    const found = choices.find((choice) => choice === input);
    return found === undefined ? { problem: `must be one of ${choices.join(", ")}` } : { value: found };
  });
}

/** Reads a finite number within bounds. */
export function readNumber(input: unknown, bounds: NumberBounds): Reading<number> {
  const text = typeof input === "string" ? input.trim() : "";
  const value = typeof input === "number" ? input : NUMERIC.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) return { problem: "must be a finite number" };
  const broken = brokenBound(value, bounds);
  return broken === null ? { value } : { problem: `must be ${broken}` };
}

/** Reads a whole number within bounds. */
export function readInteger(input: unknown, bounds: NumberBounds): Reading<number> {
  const reading = readNumber(input, bounds);
  if ("problem" in reading)
    return reading.problem === "must be a finite number" ? { problem: "must be a whole number" } : reading;
  return Number.isSafeInteger(reading.value) ? reading : { problem: "must be a whole number" };
}

/** Bounds as text, for example `> 0, <= 1`; empty when there are none. */
export function boundsText(bounds: NumberBounds): string {
  const parts: string[] = [];
  if (bounds.exclusiveMinimum !== undefined) parts.push(`> ${bounds.exclusiveMinimum}`);
  if (bounds.minimum !== undefined) parts.push(`>= ${bounds.minimum}`);
  if (bounds.exclusiveMaximum !== undefined) parts.push(`< ${bounds.exclusiveMaximum}`);
  if (bounds.maximum !== undefined) parts.push(`<= ${bounds.maximum}`);
  return parts.join(", ");
}

function numberMetadata(type: "number" | "integer", bounds: NumberBounds): FieldMetadata {
  const typeText = `${type === "integer" ? "int" : "number"} ${boundsText(bounds)}`.trim();
  return { typeText, jsonSchema: { type, ...bounds } };
}

function brokenBound(value: number, bounds: NumberBounds): string | null {
  if (bounds.exclusiveMinimum !== undefined && !(value > bounds.exclusiveMinimum))
    return `> ${bounds.exclusiveMinimum}`;
  if (bounds.minimum !== undefined && !(value >= bounds.minimum)) return `>= ${bounds.minimum}`;
  if (bounds.exclusiveMaximum !== undefined && !(value < bounds.exclusiveMaximum))
    return `< ${bounds.exclusiveMaximum}`;
  if (bounds.maximum !== undefined && !(value <= bounds.maximum)) return `<= ${bounds.maximum}`;
  return null;
}
