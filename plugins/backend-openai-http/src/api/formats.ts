import { BackendError } from "@core/backend";
import type { RequestFormat } from "../args/request-formats.js";
import { CHAT_FORMAT } from "./chat-completions/chat-format.js";
import { COMPLETIONS_FORMAT } from "./completions/completions-format.js";
import type { WireFormat } from "./wire-format.js";

const FORMATS: Readonly<Partial<Record<RequestFormat, WireFormat>>> = {
  "/v1/chat/completions": CHAT_FORMAT,
  "/v1/completions": COMPLETIONS_FORMAT,
};

/**
 * The implementation of a request format.
 *
 * @throws {BackendError} CORE_BACKEND_NOT_BUILT for a format that is known and cannot be run yet.
 */
export function formatOf(name: RequestFormat): WireFormat {
  const format = FORMATS[name];
  if (format !== undefined) return format;
  throw new BackendError(`The request format ${name} is not built yet in this version of openai_http.`, {
    code: "CORE_BACKEND_NOT_BUILT",
    hint: `Formats that can run: ${Object.keys(FORMATS).join(", ")}.`,
  });
}
