import { defineField, type Field, type Reading } from "@core/registry";
import { type Failure, readFailure } from "./failure.js";

/** A list of failures; one alone, and JSON text, are read too. */
export function failuresField(description: string): Field<readonly Failure[]> {
  const metadata = {
    typeText: "list of failures",
    jsonSchema: { type: "array", items: { type: "object", required: ["at", "do"] } },
  };
  return defineField(description, metadata, readFailures);
}

function readFailures(input: unknown): Reading<readonly Failure[]> {
  const given = typeof input === "string" && input.trimStart().startsWith("[") ? parsed(input) : input;
  const values: Failure[] = [];
  for (const [at, item] of (Array.isArray(given) ? given : [given]).entries()) {
    const reading = readFailure(item);
    if ("problem" in reading) return { problem: `item ${at}: ${reading.problem}` };
    values.push(reading.value);
  }
  return { value: values };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // reported as an item that is no mapping
  }
}
