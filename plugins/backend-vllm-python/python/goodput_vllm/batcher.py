"""Groups requests into batches: as soon as enough wait, or a little after the first of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable, Optional

from .failures import BridgeError

#: Answers prompts with their parameters, in order; blocking.
Generate = Callable[[Sequence[Any], Sequence[Any]], "list[Any]"]


@dataclass
class BatchResult:
    """Answer to one prompt of a batch."""

    output: Any
    batch_size: int
    #: Nanoseconds from the arrival of the request to the engine's call.
    wait_ns: int


@dataclass
class _Waiting:
    prompt: Any
    params: Any
    since_ns: int
    result: asyncio.Future[BatchResult]


class Batcher:
    """Holds requests and calls the engine, one call at a time, in a thread."""

    def __init__(self, generate: Generate, size: int, timeout_s: float) -> None:
        self._generate = generate
        self._size = size
        self._timeout_s = timeout_s
        self._queue: list[_Waiting] = []
        self._lock = asyncio.Lock()
        self._flusher: Optional[asyncio.Task[None]] = None
        self._batches: set[asyncio.Task[None]] = set()
        self._thread = ThreadPoolExecutor(1, "generate")
        self._is_closed = False

    async def submit(self, prompt: Any, params: Any) -> BatchResult:
        """The answer. When this is cancelled the engine still generates it. Raises what the whole batch failed with."""
        if self._is_closed:
            raise BridgeError("invalid_request", "the engine is shutting down")
        future: asyncio.Future[BatchResult] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(prompt, params, time.monotonic_ns(), future))
        if len(self._queue) >= self._size:
            self._start_batch()
        elif self._flusher is None:
            self._flusher = asyncio.ensure_future(self._flush())
        return await future

    async def close(self, limit_s: float) -> bool:
        """
        Generates what waits, and waits until the engine is not in use, but no longer than `limit_s`: a call cannot be
        interrupted, and nobody may want its answers any more. Returns whether the engine is free.
        """
        self._is_closed = True
        if self._queue:
            self._start_batch()
        busy: set[asyncio.Task[None]] = set()
        if self._batches:
            _, busy = await asyncio.wait(self._batches, timeout=limit_s)
        if self._flusher is not None:
            self._flusher.cancel()
        self._thread.shutdown(wait=not busy)
        return not busy

    async def _flush(self) -> None:
        while True:
            await asyncio.sleep(self._timeout_s)
            if not self._queue:
                self._flusher = None
                return
            await asyncio.wait([self._start_batch()])

    def _start_batch(self) -> asyncio.Task[None]:
        batch, self._queue = self._queue, []
        task = asyncio.ensure_future(self._run(batch))
        self._batches.add(task)
        task.add_done_callback(self._batches.discard)
        return task

    async def _run(self, batch: list[_Waiting]) -> None:
        async with self._lock:
            called_ns = time.monotonic_ns()
            prompts, params = [item.prompt for item in batch], [item.params for item in batch]
            try:
                call = asyncio.get_running_loop().run_in_executor(self._thread, self._generate, prompts, params)
                outputs = await call
                if len(outputs) != len(batch):
                    raise BridgeError("internal", f"the engine gave {len(outputs)} answers to {len(batch)} prompts")
            except Exception as error:
                for item in batch:
                    if not item.result.done():
                        item.result.set_exception(error)
                return
        for item, output in zip(batch, outputs):
            if not item.result.done():
                item.result.set_result(BatchResult(output, len(batch), called_ns - item.since_ns))
