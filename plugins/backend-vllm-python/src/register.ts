import { LOGGER, type Logger, registerBackend } from "@core/backend";
import { type VllmPythonAsyncArgsInput, VllmPythonAsyncArgsSchema } from "./args/vllm-python-async-args.js";
import { type VllmPythonBatchArgsInput, VllmPythonBatchArgsSchema } from "./args/vllm-python-batch-args.js";
import { VERSION } from "./version.js";
import { VllmPythonBackend } from "./vllm-python-backend.js";

declare module "@core/backend" {
  interface BackendArgsByKind {
    vllm_python_async: VllmPythonAsyncArgsInput;
    vllm_python_batch: VllmPythonBatchArgsInput;
  }
  interface BackendClassByKind {
    vllm_python_async: VllmPythonBackend;
    vllm_python_batch: VllmPythonBackend;
  }
}

const PACKAGE = { contract: 1, packageName: "@plugin/backend-vllm-python", packageVersion: VERSION } as const;

registerBackend({
  ...PACKAGE,
  kind: "vllm_python_async",
  aliases: ["vllm_python"],
  summary: "vLLM's asynchronous Python engine in a child process, without HTTP.",
  argsSchema: VllmPythonAsyncArgsSchema,
  create: (args, scope) => new VllmPythonBackend(args, scope.resolve<Logger>(LOGGER)),
});

registerBackend({
  ...PACKAGE,
  kind: "vllm_python_batch",
  summary: "vLLM's synchronous Python engine in a child process: whole batches, no streaming.",
  argsSchema: VllmPythonBatchArgsSchema,
  create: (args, scope) => new VllmPythonBackend(args, scope.resolve<Logger>(LOGGER)),
});
