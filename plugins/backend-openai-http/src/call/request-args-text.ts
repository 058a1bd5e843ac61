import type { JsonObject } from "../api/json-object.js";
import type { FormFile } from "../api/wire-format.js";

/** Longer media data is replaced by its size and digest. */
const MEDIA_KEPT_CHARACTERS = 1024;

/** What was sent, in the shape of the report; headers must be masked already. */
export interface RequestArgs {
  readonly method: string;
  readonly stream: boolean;
  readonly headers: Readonly<Record<string, unknown>> | null;
  readonly params: JsonObject | null;
  readonly body: JsonObject;
  readonly files: readonly FormFile[] | null;
}

/**
 * JSON text of the sent request for the report; encoded media is replaced by its size and SHA-256, files are lists of
 * name, such a replacement, and type.
 */
export function requestArgsText({ files, ...args }: RequestArgs): string {
  const shown = files?.map(({ field, fileName, mimeType, bytes }) => [field, [fileName, describe(bytes), mimeType]]);
  const shownFiles = shown === undefined ? null : Object.fromEntries(shown);
  return JSON.stringify({ ...args, files: shownFiles, content: null }, shortenMedia);
}

function describe(bytes: Uint8Array): string {
  return `<${bytes.byteLength} bytes, sha256 ${sha256(bytes)}>`;
}

function shortenMedia(key: string, value: unknown): unknown {
  if (typeof value !== "string" || value.length <= MEDIA_KEPT_CHARACTERS) return value;
  const prefix = /^data:[^,]{0,100},/.exec(value)?.[0];
  if (prefix === undefined && key !== "data") return value;
  const digest = sha256(value);
  return `${prefix ?? ""}<${value.length} characters, sha256 ${digest}>`;
}

/** The module takes 5 ms to load, as long as the digests of a few pictures: only those who send any wait for it. */
function sha256(data: string | Uint8Array): string {
  return process.getBuiltinModule("node:crypto").createHash("sha256").update(data).digest("hex");
}
