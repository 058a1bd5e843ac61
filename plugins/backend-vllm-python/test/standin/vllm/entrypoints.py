"""The synchronous engine."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

from .core import CoreProcess, PrefixCache, Running, load
from .engine.arg_utils import AsyncEngineArgs
from .script import Script
from .tokenizer import ToyTokenizer
from .v1.engine.exceptions import EngineDeadError


class _CoreClient:
    """What the engine knows of its core."""

    def __init__(self, core: CoreProcess, is_dead: bool) -> None:
        self._core = core
        self._is_dead = is_dead

    @property
    def resources(self) -> Any:
        """Holds whether the core is dead."""
        return SimpleNamespace(engine_dead=self._is_dead or not self._core.is_alive)

    def shutdown(self) -> None:
        """Ends the core."""
        self._is_dead = True
        self._core.kill()


class LLM:
    """Answers a list of prompts at a time."""

    def __init__(self, **config: Any) -> None:
        self._args = AsyncEngineArgs(**config)
        self.script = Script.of(self._args.standin)
        load(self.script)
        self._core = CoreProcess(self.script)
        self._tokenizer = ToyTokenizer(self.script.chat_template)
        self._cache = PrefixCache()
        self.batches: list[int] = []
        self._totals = {"vllm:prompt_tokens": 0, "vllm:generation_tokens": 0}
        self._ended = {"stop": 0, "length": 0}
        self.llm_engine = SimpleNamespace(
            model_config=SimpleNamespace(model=self._args.model, max_model_len=self._args.max_model_len),
            engine_core=_CoreClient(self._core, self.script.dead),
        )

    def get_tokenizer(self) -> ToyTokenizer:
        """The tokenizer."""
        return self._tokenizer

    def generate(self, prompts: list[Any], sampling_params: list[Any], *, use_tqdm: bool = True) -> list[Any]:
        """Answers in the order of the prompts."""
        self.batches.append(len(prompts))
        if self.script.dead or not self._core.is_alive:
            raise EngineDeadError
        if self.script.fail_with is not None:
            raise RuntimeError(self.script.fail_with)
        while self.script.silent:
            time.sleep(0.01)
        requests = [self._running(str(index), *pair) for index, pair in enumerate(zip(prompts, sampling_params))]
        time.sleep(self.script.ttft_ms / 1000)
        while any(not request.is_finished for request in requests):
            for request in requests:
                if not request.is_finished:
                    request.step(self.script)
            time.sleep(self.script.itl_ms / 1000)
        for request in requests:
            self._totals["vllm:prompt_tokens"] += len(request.ids)
            self._totals["vllm:generation_tokens"] += request.made
            self._ended[request.reason] += 1
        return [request.take(not self._args.disable_log_stats) for request in requests]

    def get_metrics(self) -> list[Any]:
        """Totals and gauges."""
        assert not self._args.disable_log_stats, "Stat logging disabled"
        gauge = SimpleNamespace(name="vllm:num_requests_running", labels={}, value=0.0)
        totals = [SimpleNamespace(name=name, labels={}, value=value) for name, value in self._totals.items()]
        ended = [
            SimpleNamespace(name="vllm:request_success", labels={"finished_reason": reason}, value=count)
            for reason, count in self._ended.items()
        ]
        return [gauge, *totals, *ended]

    def _running(self, request_id: str, prompt: Any, params: Any) -> Running:
        text = prompt if isinstance(prompt, str) else prompt["prompt"]
        ids = self._tokenizer.encode(text)
        request = Running(request_id, text, ids, params, self._args.max_model_len)
        request.cached = self._cache.lookup(ids)
        return request
