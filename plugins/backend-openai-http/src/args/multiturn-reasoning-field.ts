import { booleanField, defineField, type Field } from "@core/backend";
import * as v from "valibot";

/** Marks where the reasoning goes in a template. */
export const REASONING_PLACEHOLDER = "{reasoning}";

/** False, true (wrapped in think tags), or a template with one or more `{reasoning}`. */
export function multiturnReasoningField(description: string): Field<boolean | string> {
  const metadata = {
    typeText: `bool or text with ${REASONING_PLACEHOLDER}`,
    jsonSchema: { anyOf: [{ type: "boolean" }, { type: "string", pattern: "\\{reasoning\\}" }] },
  };
  const flag = booleanField("");
  return defineField<boolean | string>(description, metadata, (input) => {
    if (typeof input === "string" && input.includes(REASONING_PLACEHOLDER)) return { value: input };
    const reading = v.safeParse(flag, input);
    return reading.success
      ? { value: reading.output }
      : { problem: `must be true, false or a template that contains ${REASONING_PLACEHOLDER}` };
  });
}
