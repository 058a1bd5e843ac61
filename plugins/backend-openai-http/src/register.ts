import { LOGGER, type Logger, listFamily, registerBackend } from "@core/backend";
import { BUILT_IN_FORMATS } from "./api/built-in-formats.js";
import { registerRequestFormat, requestFormats } from "./api/formats.js";
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

const origin = { packageName: "@plugin/backend-openai-http", packageVersion: VERSION } as const;

listFamily(requestFormats, "What openai_http sends, and where: the path on the server.");
for (const format of BUILT_IN_FORMATS) registerRequestFormat({ ...origin, ...format });

registerBackend({
  ...origin,
  contract: 1,
  kind: "openai_http",
  summary: "Servers that speak the OpenAI HTTP API (vLLM, SGLang, llama.cpp, gateways, OpenAI).",
  argsSchema: OpenAIHttpArgsSchema,
  create: (args, scope) => new OpenAIHttpBackend(args, scope.resolve<Logger>(LOGGER)),
});
