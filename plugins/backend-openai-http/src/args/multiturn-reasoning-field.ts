import { booleanField, defineField, type Field } from "@core/backend";
import * as v from "valibot";

/** Marks where the reasoning goes in a template. */
export const REASONING_PLACEHOLDER = "{reasoning}";

/** Sends reasoning again as a field, item or block of its own. */
export const STRUCTURED_REASONING = "structured";

/** False, true (wrapped in think tags), `structured`, or a template with one or more `{reasoning}`. */
export function multiturnReasoningField(description: string): Field<boolean | string> {
  const metadata = {
    typeText: `bool, ${STRUCTURED_REASONING} or text with ${REASONING_PLACEHOLDER}`,
    jsonSchema: {
      anyOf: [{ type: "boolean" }, { const: STRUCTURED_REASONING }, { type: "string", pattern: "\\{reasoning\\}" }],
    },
  };
  const flag = booleanField("");
  return defineField<boolean | string>(description, metadata, (input) => {
    if (typeof input === "string" && (input === STRUCTURED_REASONING || input.includes(REASONING_PLACEHOLDER))) {
      return { value: input };
    }
    const reading = v.safeParse(flag, input);
    return reading.success
      ? { value: reading.output }
      : {
          problem: `must be true, false, ${STRUCTURED_REASONING} or a template that contains ${REASONING_PLACEHOLDER}`,
        };
  });
}
