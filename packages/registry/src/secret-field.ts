import { readFileSync } from "node:fs";
import { defineField, type Field, type Reading } from "./field.js";
import { isCredentialHeader } from "./mask-headers.js";
import { SECRET_MASK, Secret } from "./secret.js";
import { isMapping } from "./structured-fields.js";

const SECRET_JSON_SCHEMA = {
  anyOf: [
    { type: "string" },
    { type: "object", properties: { env: { type: "string" } }, required: ["env"], additionalProperties: false },
    { type: "object", properties: { file: { type: "string" } }, required: ["file"], additionalProperties: false },
  ],
};

/**
 * A secret: the text itself, `{env: NAME}` or `{file: PATH}` (first line, trimmed), read when the args are validated. A
 * reference is kept in reports, so that they can be run again; a literal is masked there, and a masked value that is
 * read back is refused.
 */
export function secretField(description: string): Field<Secret> {
  const metadata = { typeText: "text, {env: NAME} or {file: PATH}", jsonSchema: SECRET_JSON_SCHEMA };
  return defineField<Secret>(description, metadata, readSecret);
}

/**
 * HTTP headers by name. Values of names like `authorization` or `x-api-key` become a {@link Secret} and follow the
 * rules of {@link secretField}; other values are text.
 */
export function headersField(description: string): Field<Readonly<Record<string, string | Secret>>> {
  const metadata = {
    typeText: "mapping of names to text",
    jsonSchema: { type: "object", additionalProperties: SECRET_JSON_SCHEMA },
  };
  return defineField<Readonly<Record<string, string | Secret>>>(description, metadata, (input) => {
    if (!isMapping(input)) return { problem: "must be a mapping of header names to text", isSecret: true };
    const headers: Record<string, string | Secret> = {};
    for (const [name, value] of Object.entries(input)) {
      if (typeof value === "string" && !isCredentialHeader(name)) {
        headers[name] = value;
        continue;
      }
      const reading = readSecret(value);
      if ("problem" in reading) return { problem: `the header ${name} ${reading.problem}`, isSecret: true };
      headers[name] = reading.value;
    }
    return { value: headers };
  });
}

function readSecret(input: unknown): Reading<Secret> {
  if (Secret.isInstance(input)) return { value: input };
  if (input === SECRET_MASK) {
    return refuse("is the mask of an earlier report, not a key: give the key again, for example as {env: NAME}");
  }
  if (typeof input === "string") return { value: new Secret(input) };
  if (isMapping(input) && Object.keys(input).length === 1) {
    if (typeof input["env"] === "string") return readFromEnvironment(input["env"]);
    if (typeof input["file"] === "string") return readFromFile(input["file"]);
  }
  return refuse("must be text (put it in quotes), {env: NAME} or {file: PATH}");
}

function readFromEnvironment(env: string): Reading<Secret> {
  const value = process.env[env];
  if (value === undefined || value === "") return refuse(`names the environment variable ${env}, which is not set`);
  return { value: new Secret(value, { env }) };
}

function readFromFile(file: string): Reading<Secret> {
  try {
    const value = (readFileSync(file, "utf8").split(/\r?\n/, 1)[0] ?? "").trim();
    return value === "" ? refuse(`names the file ${file}, which is empty`) : { value: new Secret(value, { file }) };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "error";
    return refuse(`names the file ${file}, which cannot be read (${reason})`);
  }
}

function refuse(problem: string): Reading<never> {
  return { problem, isSecret: true };
}
