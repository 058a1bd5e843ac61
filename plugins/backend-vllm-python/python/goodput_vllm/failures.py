"""What went wrong, as data: exceptions of vLLM are recognised by the names of their classes, never by import."""

from __future__ import annotations

import traceback
from typing import Any, Optional

_TRACE_LINES = 40

#: Name of a class: code
_BY_CLASS = {
    "EngineDeadError": "engine_dead",
    "EngineGenerateError": "engine_generate_error",
    "TemplateError": "template_error",
    "UnidentifiedImageError": "media_decode_failed",
    "PackageNotFoundError": "vllm_metadata_missing",
}

#: Part of a message, in lower case: code. Read in this order.
_BY_TEXT = (
    ("out of memory", "out_of_memory"),
    ("no available memory for the cache", "out_of_memory"),
    ("enginecore encountered an issue", "engine_dead"),
    ("is not a local folder and is not a valid model identifier", "model_not_found"),
    ("repository not found", "model_not_found"),
    ("repo id must", "model_not_found"),
    ("failed to infer device type", "device_unavailable"),
    ("no cuda gpus are available", "device_unavailable"),
    ("longer than the maximum model length", "prompt_too_long"),
    ("maximum context length", "prompt_too_long"),
    ("at most 0 ", "unsupported_modality"),
    ("may be provided in one prompt", "unsupported_modality"),
    ("queue is full", "overloaded"),
    ("currently busy", "overloaded"),
)

FATAL = frozenset({"engine_dead"})
RETRYABLE = frozenset({"overloaded"})


class BridgeError(Exception):
    """A failure that the bridge itself found."""

    def __init__(self, code: str, message: str, param: Optional[str] = None) -> None:
        super().__init__(message)
        self.code = code
        self.param = param


def describe(error: BaseException, default: str) -> dict[str, Any]:
    """Description of an exception for goodput; `default` is the code when nothing is recognised."""
    code = _code_of(error, default)
    cause = error.__cause__ or error.__context__
    param = getattr(error, "parameter", None) or getattr(error, "param", None)
    return {
        "code": code,
        "message": str(error) or type(error).__name__,
        "type": type(error).__name__,
        "retryable": code in RETRYABLE,
        "fatal": code in FATAL,
        "param": param if isinstance(param, str) else None,
        "cause": None if cause is None else f"{type(cause).__name__}: {cause}",
        "trace": None if isinstance(error, BridgeError) else _trace(error),
    }


def _code_of(error: BaseException, default: str) -> str:
    if isinstance(error, BridgeError):
        return error.code
    for cls in type(error).__mro__:
        if cls.__name__ in _BY_CLASS:
            return _BY_CLASS[cls.__name__]
    text = f"{error} {error.__cause__ or ''}".lower()
    for part, code in _BY_TEXT:
        if part in text:
            return code
    if getattr(error, "parameter", None) == "input_tokens":
        return "prompt_too_long"
    return default


def _trace(error: BaseException) -> str:
    lines = "".join(traceback.format_exception(type(error), error, error.__traceback__)).splitlines()
    return "\n".join(lines[-_TRACE_LINES:])
