import { toJsonSchema } from "@core/registry";
import { ReportSchema } from "./report.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** JSON Schema (draft-07) of the report that the `json` output writes. Parts that recur are definitions. */
export function reportJsonSchema(): JsonObject {
  const { $defs = {}, ...schema } = toJsonSchema(ReportSchema) as { readonly $defs?: Record<string, JsonObject> };
  // The converter numbers the definitions; readers want names.
  const names = Object.entries($defs).map(([id, { title }]) => [id, String(title)] as const);
  const definitions = Object.fromEntries(names.map(([id, name]) => [name, $defs[id]]));
  const text = names.reduce(
    (numbered, [id, name]) => numbered.replaceAll(`"#/$defs/${id}"`, `"#/definitions/${name}"`),
    JSON.stringify({ ...schema, definitions }),
  );
  return JSON.parse(text) as JsonObject;
}
