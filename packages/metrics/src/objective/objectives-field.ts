import { type Field, listField } from "@core/registry";
import { parseObjective, writeObjective } from "./objective-text.js";

/** A list of objectives, kept in their written form; one alone may stand without a list. */
export function objectivesField(description: string): Field<readonly string[]> {
  return listField<string>(description, {
    typeText: "objective",
    jsonSchema: { type: "string" },
    read: (input) => {
      if (typeof input !== "string") return { problem: "must be text like ttft.p99<=200ms" };
      const reading = parseObjective(input);
      return "problem" in reading ? reading : { value: writeObjective(reading.value) };
    },
  });
}
