"""vLLM's asynchronous engine behind one interface for all versions: what differs is probed."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from typing import Any, Optional

from .engine_args import build_engine_args
from .stats import EngineStats, stat_logger_class


class AsyncEngine:
    """One engine, loaded when it is made; the constructor blocks for as long as vLLM's own (minutes)."""

    def __init__(self, config: dict[str, Any], stats: EngineStats) -> None:
        from vllm.engine.arg_utils import AsyncEngineArgs

        self._stats = stats
        cls = _engine_class()
        args = build_engine_args(AsyncEngineArgs, config)
        options: dict[str, Any] = {}
        logger = None if getattr(args, "disable_log_stats", False) else stat_logger_class(stats)
        if logger is not None and "stat_loggers" in inspect.signature(cls.from_engine_args).parameters:
            options["stat_loggers"] = [logger]
        self.raw = cls.from_engine_args(args, **options)
        self._accepts = frozenset(inspect.signature(self.raw.generate).parameters)

    @property
    def get_tokenizer(self) -> Any:
        """Accessor of the tokenizer, plain or a coroutine."""
        return self.raw.get_tokenizer

    @property
    def dead_error(self) -> Optional[BaseException]:
        """Why the engine cannot serve any more, None while it can."""
        if not getattr(self.raw, "errored", False):
            return None
        error = getattr(self.raw, "dead_error", None)
        return error if isinstance(error, BaseException) else RuntimeError("the engine is dead")

    def generate(self, prompt: Any, params: Any, request_id: str, options: dict[str, Any]) -> AsyncIterator[Any]:
        """Outputs of one request, as the engine yields them; options that this version does not know are left out."""
        known = {name: value for name, value in options.items() if name in self._accepts}
        outputs: AsyncIterator[Any] = self.raw.generate(prompt, params, request_id, **known)
        return outputs

    async def check_health(self) -> None:
        """Raises when the engine is dead."""
        await self.raw.check_health()

    async def reset_prefix_cache(self) -> None:
        """Forgets cached prefixes."""
        await self.raw.reset_prefix_cache()

    def totals(self) -> Optional[dict[str, int]]:
        """Ended requests and tokens since the start; None when statistics are off or this vLLM does not tell."""
        return self._stats.totals()

    def shutdown(self) -> None:
        """Ends the engine's processes; vLLM takes about five seconds."""
        self.raw.shutdown()


def _engine_class() -> Any:
    try:
        from vllm.v1.engine.async_llm import AsyncLLM
    except ImportError:
        from vllm import AsyncLLMEngine as AsyncLLM
    return AsyncLLM


def describe_model(engine: Any, version: Optional[str]) -> dict[str, Any]:
    """What the loaded engine says of itself; None where this version does not tell."""
    config = getattr(engine, "vllm_config", None) or getattr(getattr(engine, "llm_engine", None), "vllm_config", None)
    model = getattr(config, "model_config", None) or getattr(engine, "model_config", None)
    cache = getattr(config, "cache_config", None)
    return {
        "vllm": version,
        "model": _plain(getattr(model, "model", None)),
        "max_model_len": _plain(getattr(model, "max_model_len", None)),
        "dtype": _plain(getattr(model, "dtype", None)),
        "device": _plain(getattr(getattr(config, "device_config", None), "device_type", None)),
        "world_size": _plain(getattr(getattr(config, "parallel_config", None), "world_size", None)),
        "block_size": _plain(getattr(cache, "block_size", None)),
        "num_blocks": _plain(getattr(cache, "num_gpu_blocks", None)),
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
