import { readFileSync } from "node:fs";
import { defineField, type Field, type Reading } from "./field.js";
import { SECRET_MASK, Secret } from "./secret.js";
import { isMapping } from "./structured-fields.js";

const JSON_SCHEMA = {
  anyOf: [
    { type: "string" },
    { type: "object", properties: { env: { type: "string" } }, required: ["env"], additionalProperties: false },
    { type: "object", properties: { file: { type: "string" } }, required: ["file"], additionalProperties: false },
  ],
};

/**
 * A secret: the text itself, `{env: NAME}` or `{file: PATH}` (first line, trimmed). A reference is kept in reports; a
 * literal is masked there, and a masked value that is read back is refused.
 */
export function secretField(description: string): Field<Secret> {
  const metadata = { typeText: "text, {env: NAME} or {file: PATH}", jsonSchema: JSON_SCHEMA };
  return defineField<Secret>(description, metadata, readSecret);
}

function readSecret(input: unknown): Reading<Secret> {
  if (Secret.isInstance(input)) return { value: input };
  if (input === SECRET_MASK) {
    return { problem: "is the mask of an earlier report, not a key: give the key again, for example as {env: NAME}" };
  }
  if (typeof input === "string") return { value: new Secret(input) };
  if (isMapping(input) && typeof input["env"] === "string" && Object.keys(input).length === 1)
    return fromEnv(input["env"]);
  if (isMapping(input) && typeof input["file"] === "string" && Object.keys(input).length === 1)
    return fromFile(input["file"]);
  return { problem: "must be text, {env: NAME} or {file: PATH}" };
}

function fromEnv(env: string): Reading<Secret> {
  const value = process.env[env];
  if (value === undefined || value === "")
    return { problem: `names the environment variable ${env}, which is not set` };
  return { value: new Secret(value, { env }) };
}

function fromFile(file: string): Reading<Secret> {
  try {
    const value = (readFileSync(file, "utf8").split(/\r?\n/, 1)[0] ?? "").trim();
    return value === ""
      ? { problem: `names the file ${file}, which is empty` }
      : { value: new Secret(value, { file }) };
  } catch (error) {
    return {
      problem: `names the file ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? "error"})`,
    };
  }
}
