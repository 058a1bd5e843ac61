"""Statistics of the engine, accumulated from what its scheduler reports at each step."""

from __future__ import annotations

import time
from typing import Any, Optional

#: Names of the totals that are compared with what arrived.
TOTALS = ("requests", "prompt_tokens", "gen_tokens")


class EngineStats:
    """Newest gauges, and counters since the engine was ready. What this vLLM does not tell stays None."""

    def __init__(self) -> None:
        self._updated_s: Optional[float] = None
        self._gauges: dict[str, Any] = {"running": None, "waiting": None, "kv_usage": None}
        self._prefix: Optional[dict[str, int]] = None
        self._counters: dict[str, int] = {}
        #: Whether the engine reports at all.
        self.is_fed = False

    def record(self, scheduler: Any = None, iteration: Any = None) -> None:
        """Takes one report of the engine."""
        self._updated_s = time.monotonic()
        if scheduler is not None:
            usage = _first(scheduler, "kv_cache_usage", "gpu_cache_usage")
            running, waiting = _first(scheduler, "num_running_reqs"), _first(scheduler, "num_waiting_reqs")
            self._gauges = {"running": running, "waiting": waiting, "kv_usage": usage}
            self._add_prefix(getattr(scheduler, "prefix_cache_stats", None))
        if iteration is not None:
            self._count("prompt_tokens", _first(iteration, "num_prompt_tokens"))
            self._count("gen_tokens", _first(iteration, "num_generation_tokens"))
            self._count("preemptions", _first(iteration, "num_preempted_reqs"))
            self._count("requests", len(getattr(iteration, "finished_requests", None) or ()))

    def snapshot(self) -> Optional[dict[str, Any]]:
        """What is known, None before the first report. `age_ms` tells how old the gauges are."""
        if self._updated_s is None:
            return None
        counters = {name: self._counters.get(name) for name in ("prompt_tokens", "gen_tokens", "preemptions")}
        age_ms = (time.monotonic() - self._updated_s) * 1000
        return {"age_ms": age_ms, **self._gauges, "prefix": self._prefix, **counters}

    def totals(self) -> Optional[dict[str, int]]:
        """Ended requests and tokens since the start, None when the engine does not report."""
        if not self.is_fed:
            return None
        return {name: self._counters.get(name, 0) for name in TOTALS}

    def _add_prefix(self, stats: Any) -> None:
        if stats is None:
            return
        if getattr(stats, "reset", False):
            self._prefix = None
        before = self._prefix or {"queries": 0, "hits": 0}
        self._prefix = {name: before[name] + int(getattr(stats, name, 0) or 0) for name in before}

    def _count(self, name: str, amount: Any) -> None:
        if isinstance(amount, (int, float)):
            self._counters[name] = self._counters.get(name, 0) + int(amount)


def _first(source: Any, *names: str) -> Any:
    for name in names:
        value = getattr(source, name, None)
        if isinstance(value, (int, float)):
            return value
    return None


def stat_logger_class(stats: EngineStats) -> Any:
    """A logger class for vLLM's `stat_loggers`, None when this vLLM has no such interface."""
    try:
        from vllm.v1.metrics.loggers import StatLoggerBase
    except ImportError:
        return None

    class BridgeStatLogger(StatLoggerBase):  # type: ignore[misc, valid-type, unused-ignore]
        """Hands every report to the bridge."""

        def __init__(self, vllm_config: Any = None, engine_index: int = 0, *_args: Any, **_options: Any) -> None:
            self.engine_index = engine_index
            stats.is_fed = True

        def record(
            self, scheduler_stats: Any = None, iteration_stats: Any = None, *_args: Any, **_options: Any
        ) -> None:
            stats.record(scheduler_stats, iteration_stats)

        def log(self) -> None:
            pass

        def log_engine_initialized(self) -> None:
            pass

    return BridgeStatLogger
