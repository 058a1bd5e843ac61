import { LOGGER, type Logger, registerBackend } from "@core/backend";
import { type OpenAIHttpArgsInput, OpenAIHttpArgsSchema } from "./args/openai-http-args.js";
import { OpenAIHttpBackend } from "./openai-http-backend.js";
import { VERSION } from "./version.js";

declare module "@core/backend" {
  interface BackendArgsByKind {
    openai_http: OpenAIHttpArgsInput;
  }
  interface BackendClassByKind {
    openai_http: OpenAIHttpBackend;
  }
}

registerBackend({
  contract: 1,
  kind: "openai_http",
  packageName: "@plugin/backend-openai-http",
  packageVersion: VERSION,
  summary: "Servers that speak the OpenAI HTTP API (vLLM, SGLang, llama.cpp, gateways, OpenAI).",
  argsSchema: OpenAIHttpArgsSchema,
  create: (args, scope) => new OpenAIHttpBackend(args, scope.resolve<Logger>(LOGGER)),
});
