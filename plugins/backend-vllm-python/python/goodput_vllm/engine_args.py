"""Engine arguments by their Python names, checked before the engine sees them."""

from __future__ import annotations

import dataclasses
import difflib
from typing import Any

from .failures import BridgeError

#: Arguments that let a model or a class of the user's choice run code.
_RUNS_CODE = ("trust_remote_code", "hf_overrides", "worker_cls", "worker_extension_cls", "logits_processors")


def build_engine_args(cls: Any, config: dict[str, Any]) -> Any:
    """Makes the engine's argument object. Raises BridgeError `invalid_engine_args` that names every unknown key."""
    names = [field.name for field in dataclasses.fields(cls)]
    unknown = [key for key in config if key not in names]
    if unknown:
        raise BridgeError(
            "invalid_engine_args",
            "vllm_config has no such engine argument: " + "; ".join(_explain(key, names) for key in unknown),
            unknown[0],
        )
    given = dict(config)
    for old, new in (("disable_log_requests", True), ("disable_log_stats", True)):
        if old in names:
            given.setdefault(old, new)
    try:
        return cls(**given)
    except (TypeError, ValueError) as error:
        raise BridgeError("invalid_engine_args", f"vllm_config was refused: {error}") from error


def code_running_args(config: dict[str, Any]) -> list[str]:
    """Names of the given arguments that make the engine run code from elsewhere."""
    return [name for name in _RUNS_CODE if config.get(name)]


def _explain(key: str, names: list[str]) -> str:
    if key == "device":
        return "device (removed in vLLM 0.10: the installed build decides)"
    near = difflib.get_close_matches(key, names, n=1)
    return f"{key} (did you mean {near[0]}?)" if near else key
