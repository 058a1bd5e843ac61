"""Serves the messages of goodput once the engine is loaded."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from typing import Any, Callable, Optional

from . import affinity
from .async_engine import AsyncEngine, describe_model
from .batch_engine import BatchEngine
from .batcher import Batcher
from .channel import Channel
from .clock import SessionClock
from .engine_args import code_running_args
from .failures import BridgeError, describe
from .generation import Generation, RequestContext
from .outbox import Outbox
from .prompts import PromptBuilder
from .stats import EngineStats
from .vllm_version import check_version

#: How often a dead engine is looked for while nothing happens.
_WATCH_S = 0.5
#: How long requests in flight may take to end when serving ends.
_END_LIMIT_S = 2.0


class Server:
    """The engine and the requests in flight. All methods run in the thread of the loop."""

    def __init__(self, channel: Channel, init: dict[str, Any], version: Optional[str]) -> None:
        self._channel = channel
        self._init = init
        self._version = version
        self._clock = SessionClock(int(init["epoch_ns"]))
        self._outbox = Outbox(channel, self._clock)
        self._prompts = PromptBuilder(init)
        self._stats = EngineStats()
        self._engine: Optional[AsyncEngine | BatchEngine] = None
        self._batcher: Optional[Batcher] = None
        self._context = RequestContext(str(init["session"]), None)
        self._tasks: dict[int, tuple[asyncio.Task[None], Generation]] = {}
        self._stopped: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._helpers: set[asyncio.Task[None]] = set()
        self.dead_failure: Optional[dict[str, Any]] = None
        #: A thread is in a call of the engine that does not come back: Python would wait for it at its end.
        self.is_stuck = False

    def start_steps(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Phases of the start, each with what it does; blocking."""
        yield "importing", self._import
        yield "loading", self._build

    @property
    def in_flight(self) -> int:
        """Requests without their last record."""
        return len(self._tasks)

    def describe(self) -> dict[str, Any]:
        """What is loaded."""
        assert self._engine is not None
        return describe_model(self._engine.raw, self._version)

    async def until_stopped(self) -> int:
        """Waits for the end; the exit code."""
        assert self._engine is not None
        try:
            await self._prompts.load_tokenizer(self._engine.get_tokenizer)
        except Exception as error:
            self._channel.send_message("log", {"level": "warning", "msg": f"no tokenizer: {error}"})
        watch = asyncio.ensure_future(self._watch())
        try:
            return await asyncio.shield(self._stopped)
        finally:
            watch.cancel()
            await self._end_all()

    def stop(self, code: int) -> None:
        """Ends serving."""
        if not self._stopped.done():
            self._stopped.set_result(code)

    def shutdown(self) -> None:
        """Ends the engine's processes; blocking."""
        if self._engine is not None:
            self._engine.shutdown()

    def handle(self, op: str, body: dict[str, Any], received_ns: int) -> None:
        """Takes one message."""
        if op == "gen":
            self._generate(body, received_ns)
        elif op == "abort":
            self._abort(body.get("rids") or list(self._tasks))
        elif op == "req":
            self._run(self._answer(body))
        elif op == "shutdown":
            self.stop(0)
        elif not op.startswith("x-"):
            failure = describe(BridgeError("protocol_error", f"unknown message {op!r}"), "protocol_error")
            self._channel.send_message("fatal", {"err": failure, "phase": "serving"})
            self.stop(7)

    def _import(self) -> None:
        import vllm

        self._version = getattr(vllm, "__version__", None) or self._version
        check_version(self._version)

    def _build(self) -> None:
        cpus = affinity.wanted_cpus(self._init.get("cpu_affinity"))
        before = os.sched_getaffinity(0) if cpus is not None else None
        if cpus is not None:
            self._restrict(cpus)
        config, batch = self._init["engine_args"], self._init.get("batch")
        for name in code_running_args(config):
            remark = f"vllm_config.{name} makes vLLM run code from elsewhere"
            self._channel.send_message("log", {"level": "warning", "msg": remark})
        if batch:
            engine = BatchEngine(config)
            self._engine = engine
            self._batcher = Batcher(engine.generate, int(batch["size"]), float(batch["timeout_ms"]) / 1000)
        else:
            self._engine = AsyncEngine(config, self._stats)
        if cpus is not None and before is not None and self._init.get("cpu_affinity") != "cgroup":
            affinity.restrict_children(cpus)
            affinity.release_own_threads(before)
        if self._init.get("sampling_defaults") == "model":
            self._context = RequestContext(self._context.session, _model_defaults(self._engine.raw))

    def _restrict(self, cpus: set[int]) -> None:
        try:
            affinity.restrict_this_thread(cpus)
        except OSError as error:
            raise BridgeError("invalid_engine_args", f"cpu_affinity names CPUs that cannot be used: {error}") from error

    def _generate(self, body: dict[str, Any], received_ns: int) -> None:
        rid = int(body["rid"])
        generation = Generation(rid, received_ns - int(self._init["epoch_ns"]), self._outbox, self._clock)
        if self._batcher is not None:
            run = generation.batch(self._batcher, self._prompts, body, self._context)
        else:
            assert isinstance(self._engine, AsyncEngine)
            run = generation.stream(self._engine, self._prompts, body, self._context)
        task = asyncio.ensure_future(run)
        self._tasks[rid] = (task, generation)
        task.add_done_callback(lambda done: self._done(rid, done, generation))

    def _done(self, rid: int, task: asyncio.Task[None], generation: Generation) -> None:
        del self._tasks[rid]
        if task.cancelled():
            if self.dead_failure is None:
                generation.aborted()
            else:
                generation.fail(self.dead_failure)
        elif task.exception() is not None:
            generation.fail(describe(task.exception(), "internal"))  # type: ignore[arg-type]
        if generation.failure is not None and generation.failure["fatal"]:
            self._died(generation.failure)

    def _abort(self, rids: list[int]) -> None:
        """Cancelling the task is the one way that makes every version of the engine abort and the reader end."""
        for rid in rids:
            entry = self._tasks.get(rid)
            if entry is not None:
                entry[0].cancel()

    async def _answer(self, body: dict[str, Any]) -> None:
        reply: dict[str, Any] = {"id": body.get("id"), "ok": True, "value": None}
        try:
            reply["value"] = await self._method(str(body.get("m")), body.get("p") or {})
        except Exception as error:
            reply = {"id": body.get("id"), "ok": False, "err": describe(error, "internal")}
        self._channel.send_message("res", reply)

    async def _method(self, name: str, _params: dict[str, Any]) -> Any:
        assert self._engine is not None
        if name == "health":
            return await self._engine.check_health()
        if name == "stats":
            return self._stats.snapshot()
        if name == "totals":
            return self._engine.totals()
        if name == "reset_prefix_cache":
            return await self._engine.reset_prefix_cache()
        raise BridgeError("protocol_error", f"unknown method {name!r}")

    async def _watch(self) -> None:
        """Sees an engine that died while nothing was asked of it."""
        assert self._engine is not None
        while True:
            error = self._engine.dead_error
            if error is not None:
                self._died({**describe(error, "engine_dead"), "code": "engine_dead", "fatal": True})
                return
            await asyncio.sleep(_WATCH_S)

    def _died(self, failure: dict[str, Any]) -> None:
        if self.dead_failure is None:
            self.dead_failure = failure
            self.stop(5)

    async def _end_all(self) -> None:
        for task, _ in self._tasks.values():
            task.cancel()
        if self._tasks:
            await asyncio.wait([task for task, _ in self._tasks.values()], timeout=_END_LIMIT_S)
        if self._batcher is not None:
            self.is_stuck = not await self._batcher.close(_END_LIMIT_S)
        self._outbox.flush()

    def _run(self, coroutine: Any) -> None:
        task = asyncio.ensure_future(coroutine)
        self._helpers.add(task)
        task.add_done_callback(self._helpers.discard)


def _model_defaults(engine: Any) -> Optional[dict[str, Any]]:
    model = getattr(engine, "model_config", None) or getattr(getattr(engine, "llm_engine", None), "model_config", None)
    read = getattr(model, "get_diff_sampling_param", None)
    return dict(read()) if callable(read) else None
