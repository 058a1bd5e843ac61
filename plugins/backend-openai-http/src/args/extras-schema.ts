import { booleanField, choiceField, headersField, mappingField, nullable } from "@core/backend";
import * as v from "valibot";

/** Headers that the client computes itself. */
const COMPUTED_HEADERS = new Set([
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
]);
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Additions to every request. Unknown keys are refused: they would be stored and never sent. */
export const ExtrasSchema = v.pipe(
  v.strictObject({
    method: nullable(choiceField("HTTP method instead of POST.", ["POST", "PUT", "PATCH"])),
    stream: nullable(booleanField("Overrides `stream` of the backend.")),
    headers: nullable(headersField("Headers of every request, also of the health and model requests.")),
    params: nullable(mappingField("Query parameters of every request.")),
    body: nullable(mappingField("Merged into the body of every request; null removes a key.")),
    files: nullable(mappingField("Files of a multipart request (audio formats).")),
    content: nullable(mappingField("Added to every text part of user messages (chat, responses and messages).")),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const [name, value] of Object.entries(dataset.value.headers ?? {})) {
      if (!HEADER_NAME.test(name)) addIssue({ message: `headers: "${name}" is not a header name` });
      if (COMPUTED_HEADERS.has(name.toLowerCase())) {
        addIssue({ message: `headers: ${name} is set by the client and cannot be given` });
      }
      const text = typeof value === "string" ? value : value.reveal();
      if (!HEADER_VALUE.test(text))
        addIssue({ message: `headers: the value of ${name} has characters that are not allowed` });
    }
  }),
  v.description("Additions to every request: method, stream, headers, params, body, files, content."),
);

/** Validated {@link ExtrasSchema}. */
export type Extras = v.InferOutput<typeof ExtrasSchema>;
