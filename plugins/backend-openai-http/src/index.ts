import "./register.js";

export { type OpenAIHttpArgs, type OpenAIHttpArgsInput, OpenAIHttpArgsSchema } from "./args/openai-http-args.js";
export { OPENAI_HTTP_ERRORS, type OpenAIHttpErrorCode } from "./errors.js";
export { OpenAIHttpBackend } from "./openai-http-backend.js";
export type { TransportStats } from "./transport/transport.js";
