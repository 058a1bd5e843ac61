import "./register.js";

export type { TextSpan } from "./api/arriving-text.js";
export { type RequestFormatDefinition, registerRequestFormat, requestFormats } from "./api/formats.js";
export type { JsonObject } from "./api/json-object.js";
export type {
  EventContent,
  ResponseParts,
  ResponseReader,
  SimpleText,
} from "./api/response-reader.js";
export type { BodyInput, FormFile, WireFormat } from "./api/wire-format.js";
export { type OpenAIHttpArgs, type OpenAIHttpArgsInput, OpenAIHttpArgsSchema } from "./args/openai-http-args.js";
export { OPENAI_HTTP_ERRORS, type OpenAIHttpErrorCode } from "./errors.js";
export { OpenAIHttpBackend } from "./openai-http-backend.js";
export type { TransportStats } from "./transport/transport.js";
