import { defineField, type Field } from "@core/backend";
import { requestFormats } from "../api/formats.js";

/** Name of a registered request format; help and schema list those that are registered when they are made. */
export function requestFormatField(description: string): Field<string> {
  const metadata = {
    get typeText() {
      return requestFormats.names().join(" | ");
    },
    get jsonSchema() {
      return { type: "string", enum: requestFormats.names() };
    },
  };
  return defineField<string>(description, metadata, (input) =>
    typeof input === "string" && requestFormats.names().includes(input)
      ? { value: input }
      : { problem: `must be one of ${requestFormats.names().join(", ")}` },
  );
}
