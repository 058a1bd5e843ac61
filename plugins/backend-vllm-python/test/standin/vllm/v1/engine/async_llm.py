"""The asynchronous engine."""

from __future__ import annotations

import asyncio
import os
import time
from array import array
from pathlib import Path
from types import SimpleNamespace
from typing import Any, AsyncGenerator, Optional

from ...core import CoreProcess, PrefixCache, Running, load, report
from ...engine.arg_utils import AsyncEngineArgs
from ...outputs import CompletionOutput, RequestOutput, RequestStateStats
from ...profile import HAS_SYNC_TOKENIZER, IS_OLD
from ...script import Script
from ...tokenizer import ToyTokenizer
from ..metrics.loggers import IterationStats
from .exceptions import EngineDeadError, EngineGenerateError

#: Outputs of a burst between two turns of the loop.
BURST = 64


class AsyncLLM:
    """Requests join a loop of steps; each step makes tokens for all of them."""

    def __init__(self, args: AsyncEngineArgs, loggers: list[Any]) -> None:
        self._args = args
        self.script = Script.of(args.standin)
        load(self.script)
        self._core = CoreProcess(self.script)
        self._tokenizer = ToyTokenizer(self.script.chat_template)
        self._loggers = loggers
        self._log_stats = not args.disable_log_stats and not IS_OLD
        self._cache = PrefixCache()
        self._running: dict[str, tuple[Running, asyncio.Event]] = {}
        self._steps: Optional[asyncio.Task[None]] = None
        self._dead = self.script.dead
        self._made = 0
        model = SimpleNamespace(
            model=args.model, max_model_len=args.max_model_len, dtype=args.dtype, get_diff_sampling_param=lambda: {}
        )
        self.vllm_config = SimpleNamespace(
            model_config=model, cache_config=SimpleNamespace(block_size=16, num_gpu_blocks=4096)
        )
        self.model_config = model

    if IS_OLD:

        @classmethod
        def from_engine_args(cls, engine_args: AsyncEngineArgs) -> AsyncLLM:
            """Builds an engine; older versions take no loggers."""
            return cls(engine_args, [])

    else:

        @classmethod
        def from_engine_args(
            cls, engine_args: AsyncEngineArgs, start_engine_loop: bool = True, stat_loggers: Any = None
        ) -> AsyncLLM:
            """Builds an engine."""
            return cls(engine_args, [make(None, 0) for make in stat_loggers or []])

    if HAS_SYNC_TOKENIZER:

        def get_tokenizer(self) -> ToyTokenizer:
            """The tokenizer."""
            return self._tokenizer

    else:

        async def get_tokenizer(self, lora_request: Any = None) -> ToyTokenizer:
            """The tokenizer."""
            return self._tokenizer

    @property
    def errored(self) -> bool:
        """Whether the engine is dead."""
        if not self._dead and not self._core.is_alive:
            self._die()
        return self._dead

    @property
    def dead_error(self) -> BaseException:
        """What a dead engine says."""
        return EngineDeadError()

    async def check_health(self) -> None:
        """Raises when dead."""
        if self.errored:
            raise self.dead_error

    async def reset_prefix_cache(self) -> None:
        """Forgets cached prefixes."""
        self._cache.reset()

    async def generate(
        self, prompt: Any, sampling_params: Any, request_id: str, *, lora_request: Any = None, priority: int = 0
    ) -> AsyncGenerator[Any, None]:
        """Yields outputs; a consumer that is cancelled aborts the request."""
        if self.errored:
            raise EngineDeadError
        text = prompt if isinstance(prompt, str) else prompt.get("prompt", "")
        ids = list(prompt["prompt_token_ids"]) if "prompt_token_ids" in prompt else self._tokenizer.encode(text)
        if not ids:
            raise ValueError("The decoder prompt cannot be empty")
        if len(ids) >= self._args.max_model_len:
            raise ValueError(f"The prompt ({len(ids)} tokens) is longer than the maximum model length")
        request = Running(request_id, text, ids, sampling_params, self._args.max_model_len)
        request.cached = self._cache.lookup(ids)
        if self.script.burst_file is not None:
            async for output in self._burst(request, self.script.burst_file):
                yield output
            return
        event = asyncio.Event()
        self._running[request_id] = (request, event)
        if self._steps is None:
            self._steps = asyncio.ensure_future(self._work())
        try:
            while True:
                await event.wait()
                event.clear()
                if self._dead:
                    raise EngineDeadError
                self._fail(request)
                if not request.has_output:
                    continue
                output = request.take(self._log_stats)
                yield output
                if output.finished:
                    if self.script.done_file is not None:
                        Path(self.script.done_file).touch()
                    return
        finally:
            self._running.pop(request_id, None)

    def shutdown(self, timeout: Optional[float] = None) -> None:
        """Ends the core."""
        time.sleep(self.script.shutdown_s)
        self._core.kill()

    async def _burst(self, request: Running, file: str) -> AsyncGenerator[Any, None]:
        """One token in each output, without waiting; as in a step of many requests, several before anything is sent."""
        stamps = array("q")
        metrics = RequestStateStats()
        running = RequestOutput(request.request_id, None, request.ids, [CompletionOutput(0, " word", [1])], False, metrics)
        last = CompletionOutput(0, " word", [1], "length")
        final = RequestOutput(request.request_id, None, request.ids, [last], True, metrics)
        for number in range(1, request.length + 1):
            if number % BURST == 0:
                await asyncio.sleep(0)
            stamps.append(time.monotonic_ns())
            metrics.last_token_ts = stamps[-1] / 1e9
            yield running if number < request.length else final
        with open(file, "ab") as out:
            stamps.tofile(out)

    def _fail(self, request: Running) -> None:
        script = self.script
        if script.fail_with is not None and request.made >= script.fail_after:
            raise EngineGenerateError(script.fail_with)

    async def _work(self) -> None:
        """Steps at absolute instants while there are requests."""
        script = self.script
        next_s = time.monotonic() + script.ttft_ms / 1000
        while self._running and not script.silent:
            await asyncio.sleep(max(0.0, next_s - time.monotonic()))
            next_s += script.itl_ms / 1000
            self._step(script)
            if self._dead:
                return
        self._steps = None

    def _step(self, script: Script) -> None:
        now = time.monotonic()
        iteration = IterationStats()
        for request, event in list(self._running.values()):
            if request.is_finished or now < request.starts_at + script.ttft_ms / 1000:
                continue
            if script.stall_after is not None and request.made >= script.stall_after:
                continue
            iteration.num_prompt_tokens += len(request.ids) if request.made == 0 else 0
            if script.fail_with is None or request.made < script.fail_after:
                iteration.num_generation_tokens += request.step(script)
            if request.is_finished:
                iteration.finished_requests.append(request.reason)
            event.set()
        tokens = iteration.num_generation_tokens
        self._made += tokens
        report(self._loggers, len(self._running), self._cache, iteration)
        if script.signal_after is not None and self._made >= script.signal_after:
            os.kill(os.getpid(), script.signal_number)
        if script.core_dies_after is not None and self._made >= script.core_dies_after:
            self._core.kill()
        if tokens > 0 and script.core != "none" and self._made % 64 < tokens and not self._core.is_alive:
            self._die()

    def _die(self) -> None:
        self._dead = True
        for _, event in self._running.values():
            event.set()
