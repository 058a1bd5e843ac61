"""vLLM's synchronous engine behind the interface of the asynchronous one, as far as they have something in common."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any, Optional

from .engine_args import check_names, with_quiet_logs
from .stats import TOTALS

#: The totals by the names of vLLM's metrics.
_METRICS = dict(zip(("vllm:request_success", "vllm:prompt_tokens", "vllm:generation_tokens"), TOTALS))


class BatchEngine:
    """One engine that answers a list of prompts at a time, loaded when it is made."""

    def __init__(self, config: dict[str, Any]) -> None:
        from vllm import LLM
        from vllm.engine.arg_utils import EngineArgs

        check_names(EngineArgs, config)
        options = with_quiet_logs(EngineArgs, config)
        self.raw = LLM(**options)
        self._tells_totals = not options.get("disable_log_stats") and hasattr(self.raw, "get_metrics")

    @property
    def get_tokenizer(self) -> Any:
        """Accessor of the tokenizer."""
        return self.raw.get_tokenizer

    @property
    def dead_error(self) -> Optional[BaseException]:
        """Why the engine cannot serve any more, None while it can or does not tell."""
        resources = getattr(self._core, "resources", None)
        return RuntimeError("the engine is dead") if getattr(resources, "engine_dead", False) else None

    def generate(self, prompts: Sequence[Any], params: Sequence[Any]) -> list[Any]:
        """Answers all prompts, in their order; blocking."""
        outputs = self.raw.generate(list(prompts), list(params), use_tqdm=False)
        return list(outputs)

    async def check_health(self) -> None:
        """Raises when the engine is known to be dead."""
        error = self.dead_error
        if error is not None:
            raise error

    async def reset_prefix_cache(self) -> None:
        """Forgets cached prefixes."""
        done = self.raw.reset_prefix_cache()
        if inspect.isawaitable(done):
            await done

    def totals(self) -> Optional[dict[str, int]]:
        """Ended requests and tokens since the start; None when statistics are off or this vLLM does not tell."""
        if not self._tells_totals:
            return None
        totals = dict.fromkeys(TOTALS, 0)
        for metric in self.raw.get_metrics():
            name = _METRICS.get(metric.name)
            if name is not None:
                totals[name] += int(metric.value)  # one for each engine and reason of the end
        return totals

    def shutdown(self) -> None:
        """Ends the engine's processes."""
        shutdown = getattr(self._core, "shutdown", None)
        if callable(shutdown):
            shutdown()

    @property
    def _core(self) -> Any:
        return getattr(getattr(self.raw, "llm_engine", None), "engine_core", None)
