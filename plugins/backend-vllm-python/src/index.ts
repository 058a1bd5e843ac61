import "./register.js";

export type { VllmPythonAsyncArgs, VllmPythonAsyncArgsInput } from "./args/vllm-python-async-args.js";
export type { VllmPythonBatchArgs, VllmPythonBatchArgsInput } from "./args/vllm-python-batch-args.js";
export { Engine } from "./bridge/engine.js";
export type { EngineInfo, EngineStats } from "./bridge/engine-info.js";
export type { EngineSettings } from "./bridge/engine-settings.js";
export { VLLM_PYTHON_ERRORS, type VllmPythonErrorCode } from "./errors.js";
export { type EngineSource, VllmPythonBackend } from "./vllm-python-backend.js";
