"""vLLM's synchronous engine behind the interface of the asynchronous one, as far as they have something in common."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any, Optional

from .engine_args import check_names, with_quiet_logs


class BatchEngine:
    """One engine that answers a list of prompts at a time, loaded when it is made."""

    def __init__(self, config: dict[str, Any]) -> None:
        from vllm import LLM
        from vllm.engine.arg_utils import EngineArgs

        check_names(EngineArgs, config)
        self.raw = LLM(**with_quiet_logs(EngineArgs, config))

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

    def shutdown(self) -> None:
        """Ends the engine's processes."""
        shutdown = getattr(self._core, "shutdown", None)
        if callable(shutdown):
            shutdown()

    @property
    def _core(self) -> Any:
        return getattr(getattr(self.raw, "llm_engine", None), "engine_core", None)
