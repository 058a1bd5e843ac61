import { BackendError } from "@core/backend";
import type { JsonObject } from "../api/json-object.js";
import type { FormFile } from "../api/wire-format.js";

/** Always the same, so that a request always has the same bytes. */
const BOUNDARY = "goodput-form-5f0c1d7be93a4286";

/** The content type of {@link encodeForm}. */
export const FORM_CONTENT_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

/**
 * A form of fields and files (RFC 7578): true, false and numbers as their text, a list as a field for each item.
 *
 * @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST for a mapping, which no form can hold, and for content that holds
 * the boundary.
 */
export function encodeForm(fields: JsonObject, files: readonly FormFile[]): Buffer {
  const parts: Uint8Array[] = [];
  const add = (head: string, content: Uint8Array): void => {
    if (Buffer.from(content.buffer, content.byteOffset, content.byteLength).includes(BOUNDARY)) {
      throw unusable(`The form cannot be sent: its content holds the boundary ${BOUNDARY}.`, "Leave this row out.");
    }
    parts.push(Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`), content, CRLF);
  };
  for (const [name, value] of Object.entries(fields)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      add(`name="${escapeName(name)}"`, Buffer.from(fieldText(name, item)));
    }
  }
  for (const { field, fileName, mimeType, bytes } of files) {
    const type = mimeType.replace(/[^\x20-\x7e]/g, "");
    add(`name="${escapeName(field)}"; filename="${escapeName(fileName)}"\r\nContent-Type: ${type}`, bytes);
  }
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

const CRLF = Buffer.from("\r\n");

function fieldText(name: string, value: unknown): string {
  if (typeof value !== "object") return String(value);
  throw unusable(
    `The field "${name}" cannot be sent in a form: it holds a list or mapping within.`,
    `Give extras.body.${name} as text.`,
  );
}

/** As browsers write names (WHATWG HTML, multipart/form-data encoding). */
function escapeName(name: string): string {
  return name.replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/"/g, "%22");
}

function unusable(message: string, hint: string): BackendError {
  return new BackendError(message, { code: "CORE_BACKEND_UNUSABLE_REQUEST", hint });
}
