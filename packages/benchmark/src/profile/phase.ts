import { defineField, type Field, isMapping, type Reading } from "@core/registry";

/** How a warmup or cooldown is limited. */
export const PHASE_MODES = ["duration", "requests", "prefer_duration", "prefer_requests", "both", "auto"] as const;

/** A warmup or cooldown: a share of the run or an absolute value, in seconds or requests; or, with `auto`, neither. */
export interface PhaseArgs {
  /** Share of the run, in [0, 1); wins over `value`. */
  readonly percent: number | null;
  /** Seconds or requests, at least 0. */
  readonly value: number | null;
  readonly mode: (typeof PHASE_MODES)[number];
}

const JSON_SCHEMA = {
  anyOf: [
    { type: "null" },
    { type: "number", minimum: 0 },
    { type: "string", enum: ["auto"] },
    {
      type: "object",
      properties: {
        percent: { anyOf: [{ type: "number", minimum: 0, exclusiveMaximum: 1 }, { type: "null" }] },
        value: { anyOf: [{ type: "number", minimum: 0 }, { type: "null" }] },
        mode: { type: "string", enum: PHASE_MODES },
      },
      additionalProperties: false,
    },
  ],
};

/**
 * A warmup or cooldown field. A number below 1 is a share, from 1 on an absolute value; text is tried as JSON; null is
 * off; `auto` finds it in what was measured; a mapping gives `percent`, `value` and `mode`.
 */
export function phaseField(description: string): Field<PhaseArgs | null> {
  const metadata = { typeText: "number, auto or {percent, value, mode}", jsonSchema: JSON_SCHEMA };
  return defineField<PhaseArgs | null>(description, metadata, readPhase);
}

function readPhase(input: unknown): Reading<PhaseArgs | null> {
  const given = typeof input === "string" ? parseJson(input) : input;
  if (given === null) return { value: null };
  if (given === "auto") return { value: { percent: null, value: null, mode: "auto" } };
  if (typeof given === "number") return readShorthand(given);
  return isMapping(given) ? readMapping(given) : { problem: "must be a number, auto, null or a mapping" };
}

function readShorthand(number: number): Reading<PhaseArgs> {
  if (!Number.isFinite(number) || number < 0) return { problem: "must be a finite number >= 0" };
  return number < 1
    ? { value: { percent: number, value: null, mode: "prefer_duration" } }
    : { value: { percent: null, value: number, mode: "prefer_duration" } };
}

function readMapping(given: Readonly<Record<string, unknown>>): Reading<PhaseArgs> {
  const { percent = null, value = null, mode = "prefer_duration", ...rest } = given;
  const unknown = Object.keys(rest);
  if (unknown.length > 0)
    return { problem: `must have no key but percent, value and mode (found ${unknown.join(", ")})` };
  if (percent !== null && !(isFiniteNumber(percent) && percent >= 0 && percent < 1))
    return { problem: "must have percent in [0, 1)" };
  if (value !== null && !(isFiniteNumber(value) && value >= 0)) return { problem: "must have value >= 0" };
  const found = PHASE_MODES.find((candidate) => candidate === mode);
  if (found === "auto" && (percent !== null || value !== null)) {
    return { problem: "must have neither percent nor value with mode auto" };
  }
  return found === undefined
    ? { problem: `must have mode ${PHASE_MODES.join(", ")}` }
    : { value: { percent, value, mode: found } };
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // not JSON: judged as the text it is
  }
}
