import "./register.js";

export {
  type OpenAIWebSocketArgs,
  type OpenAIWebSocketArgsInput,
  OpenAIWebSocketArgsSchema,
} from "./args/openai-websocket-args.js";
export { OPENAI_WEBSOCKET_ERRORS, type OpenAIWebSocketErrorCode } from "./errors.js";
export { OpenAIWebSocketBackend } from "./openai-websocket-backend.js";
