"""Engine arguments by their Python names, checked before the engine sees them."""

from __future__ import annotations

import dataclasses
import difflib
from typing import Any

from .failures import BridgeError

#: Arguments that let a model or a class of the user's choice run code.
_RUNS_CODE = ("trust_remote_code", "hf_overrides", "worker_cls", "worker_extension_cls", "logits_processors")


def check_names(cls: Any, config: dict[str, Any]) -> None:
    """Raises BridgeError `invalid_engine_args` that names every unknown key."""
    names = [field.name for field in dataclasses.fields(cls)]
    unknown = [key for key in config if key not in names]
    if unknown:
        raise BridgeError(
            "invalid_engine_args",
            "vllm_config has no such engine argument: " + "; ".join(_explain(key, names) for key in unknown),
            unknown[0],
        )


def with_quiet_logs(cls: Any, config: dict[str, Any]) -> dict[str, Any]:
    """The arguments; neither statistics nor requests are logged unless that is asked for, where vLLM has a switch."""
    names = {field.name for field in dataclasses.fields(cls)}
    quiet: dict[str, Any] = {name: True for name in ("disable_log_stats", "disable_log_requests") if name in names}
    return {**quiet, **config}


def build_engine_args(cls: Any, config: dict[str, Any]) -> Any:
    """Makes the engine's argument object. Raises BridgeError `invalid_engine_args`."""
    check_names(cls, config)
    try:
        return cls(**with_quiet_logs(cls, config))
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
