import { registerBackend } from "@core/backend";
import { type OpenAIWebSocketArgsInput, OpenAIWebSocketArgsSchema } from "./args/openai-websocket-args.js";
import { OpenAIWebSocketBackend } from "./openai-websocket-backend.js";
import { VERSION } from "./version.js";

declare module "@core/backend" {
  interface BackendArgsByKind {
    openai_websocket: OpenAIWebSocketArgsInput;
  }
  interface BackendClassByKind {
    openai_websocket: OpenAIWebSocketBackend;
  }
}

registerBackend({
  contract: 1,
  kind: "openai_websocket",
  packageName: "@plugin/backend-openai-realtime",
  packageVersion: VERSION,
  summary: "Realtime transcription over WebSocket, as vLLM serves it at /v1/realtime.",
  argsSchema: OpenAIWebSocketArgsSchema,
  create: (args) => new OpenAIWebSocketBackend(args),
});
