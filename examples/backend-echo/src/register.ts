import { registerBackend } from "@core/backend";
import { type EchoArgsInput, EchoArgsSchema } from "./args.js";
import { EchoBackend } from "./echo-backend.js";
import { VERSION } from "./version.js";

declare module "@core/backend" {
  interface BackendArgsByKind {
    echo: EchoArgsInput;
  }
  interface BackendClassByKind {
    echo: EchoBackend;
  }
}

registerBackend({
  contract: 1,
  kind: "echo",
  packageName: "goodput-backend-echo",
  packageVersion: VERSION,
  summary: "Answers with the words of the prompt; needs no server.",
  argsSchema: EchoArgsSchema,
  create: (args) => new EchoBackend(args),
});
