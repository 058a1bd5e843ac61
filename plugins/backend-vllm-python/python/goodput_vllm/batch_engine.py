"""Placeholder: see the next step."""

from __future__ import annotations

from typing import Any, Optional

from .failures import BridgeError
from .stats import EngineStats


class BatchEngine:
    """vLLM's synchronous engine."""

    raw: Any = None
    get_tokenizer: Any = None
    dead_error: Optional[BaseException] = None

    def __init__(self, config: dict[str, Any], stats: EngineStats) -> None:
        raise BridgeError("not_built", "Not built yet: vllm_python_batch")

    async def check_health(self) -> None:
        """Raises when the engine is dead."""

    async def reset_prefix_cache(self) -> None:
        """Forgets cached prefixes."""

    def shutdown(self) -> None:
        """Ends the engine."""
