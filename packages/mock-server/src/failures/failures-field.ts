import type { Field } from "@core/registry";
import { mappingListField } from "../mapping-text.js";
import { type Failure, readFailure } from "./failure.js";

/** A list of failures; one alone, and JSON text, are read too. */
export function failuresField(description: string): Field<readonly Failure[]> {
  return mappingListField(description, { typeText: "list of failures", required: ["at", "do"], read: readFailure });
}
