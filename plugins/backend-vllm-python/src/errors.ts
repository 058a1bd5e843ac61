/** Codes of failures of this backend and what each one means. */
export const VLLM_PYTHON_ERRORS = Object.freeze({
  VLLM_PYTHON_NOT_FOUND: "The Python interpreter that `python` names was not found.",
  VLLM_PYTHON_TOO_OLD: "The Python interpreter is too old for the bridge (3.9 or newer is needed).",
  VLLM_PYTHON_SPAWN_FAILED: "The process of the engine could not be started.",
  VLLM_PYTHON_STARTUP_TIMEOUT: "The engine was not ready within `startup_timeout`.",
  VLLM_PYTHON_PROCESS_EXITED: "The process of the engine ended by itself; the message holds the last lines of its log.",
  VLLM_PYTHON_HEARTBEAT_LOST: "The process of the engine stopped answering.",
  VLLM_PYTHON_PROTOCOL: "The bridge and goodput do not understand each other (a version of one of them, or a fault).",
  VLLM_PYTHON_CONSUMER_STALLED: "goodput did not read what the engine sent.",
  VLLM_PYTHON_VLLM_MISSING: "vLLM is not installed for this interpreter, or not completely.",
  VLLM_PYTHON_VLLM_TOO_OLD: "The installed vLLM is too old.",
  VLLM_PYTHON_INVALID_ENGINE_ARGS: "`vllm_config` has an unknown argument, or the engine refused a value.",
  VLLM_PYTHON_MODEL_NOT_FOUND: "The model is neither a folder nor known to the hub.",
  VLLM_PYTHON_DEVICE_UNAVAILABLE: "The engine found no device that it can use.",
  VLLM_PYTHON_OUT_OF_MEMORY: "The engine ran out of memory.",
  VLLM_PYTHON_START_FAILED: "The engine could not be loaded for another reason.",
  VLLM_PYTHON_ENGINE_DEAD: "The engine's core died; all requests in flight ended with it.",
  VLLM_PYTHON_TEMPLATE: "The chat template cannot be applied, or the tokenizer has none.",
  VLLM_PYTHON_INVALID_REQUEST: "The engine refused the request.",
  VLLM_PYTHON_PROMPT_TOO_LONG: "The prompt is longer than the model's limit.",
  VLLM_PYTHON_UNSUPPORTED_MODALITY: "The model does not take this kind of media.",
  VLLM_PYTHON_MEDIA: "An image or a sound cannot be decoded.",
  VLLM_PYTHON_OVERLOADED: "The engine's queue is full.",
  VLLM_PYTHON_GENERATION_FAILED: "The engine failed at one request and goes on.",
});

/** A code of {@link VLLM_PYTHON_ERRORS}. */
export type VllmPythonErrorCode = keyof typeof VLLM_PYTHON_ERRORS;
