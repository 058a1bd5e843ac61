"""One request on its way through an engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

from . import records
from .async_engine import AsyncEngine
from .batcher import Batcher
from .clock import SessionClock
from .failures import describe
from .outbox import Outbox
from .prompts import PromptBuilder
from .sampling import build_sampling


@dataclass(frozen=True)
class RequestContext:
    """What all requests of a session share."""

    session: str
    #: Sampling parameters where a request says nothing.
    defaults: Optional[dict[str, Any]]


class Generation:
    """Makes the records of one request: start, prompt, deltas, ends of choices, and exactly one end or error."""

    def __init__(self, rid: int, received_ns: int, outbox: Outbox, clock: SessionClock) -> None:
        self.rid = rid
        self._received_ns = received_ns
        self._outbox = outbox
        self._clock = clock
        self._ended = False
        #: Why it failed, None when it did not.
        self.failure: Optional[dict[str, Any]] = None
        self._prompt_tokens: Optional[int] = None
        self._cached_tokens: Optional[int] = None
        self._tokens = 0
        self._metrics: Optional[dict[str, Any]] = None

    async def stream(
        self, engine: AsyncEngine, prompts: PromptBuilder, message: dict[str, Any], context: RequestContext
    ) -> None:
        """Serves the request by the asynchronous engine. Raises CancelledError, after which :meth:`aborted` is due."""
        ready = self._prepare(prompts, message, context)
        if ready is None:
            return
        options = {name: message[name] for name in ("priority",) if message.get(name)}
        try:
            async for output in engine.generate(*ready, f"{context.session}-{self.rid}", options):
                self._take(output, self._clock.now())
        except Exception as error:
            self._failed(error)
            return
        self._end(False)

    async def batch(
        self, batcher: Batcher, prompts: PromptBuilder, message: dict[str, Any], context: RequestContext
    ) -> None:
        """Serves the request as part of a batch. Raises CancelledError like :meth:`stream`."""
        ready = self._prepare(prompts, message, context)
        if ready is None:
            return
        try:
            result = await batcher.submit(*ready)
        except Exception as error:
            self._failed(error)
            return
        self._take(result.output, self._clock.now())
        self._metrics = {**(self._metrics or {}), "batch_size": result.batch_size, "batch_wait": result.wait_ns}
        self._end(False)

    def aborted(self) -> None:
        """Ends a request that was cut; what had been delivered counts."""
        self._end(True)

    def fail(self, failure: dict[str, Any]) -> None:
        """Ends the request with an error."""
        if not self._ended:
            self._ended = True
            self.failure = failure
            self._outbox.add(records.error(self.rid, self._clock.now(), failure))

    def _prepare(
        self, prompts: PromptBuilder, message: dict[str, Any], context: RequestContext
    ) -> Optional[tuple[Any, Any]]:
        """Prompt and parameters; None when they cannot be made and the request has failed."""
        try:
            prompt = prompts.build(message["prompt"])
            params = build_sampling(message.get("sampling") or {}, bool(message["stream"]), context.defaults)
        except Exception as error:
            self.fail(describe(error, "invalid_request"))
            return None
        self._outbox.add(records.start(self.rid, self._received_ns, self._clock.now()))
        return prompt, params

    def _failed(self, error: Exception) -> None:
        self.fail(describe(error, "invalid_request" if isinstance(error, ValueError) else "internal"))

    def _take(self, output: Any, now_ns: int) -> None:
        if self._prompt_tokens is None:
            self._prompt_tokens = len(getattr(output, "prompt_token_ids", None) or ())
            self._cached_tokens = getattr(output, "num_cached_tokens", None)
            self._outbox.add(records.prompt(self.rid, self._prompt_tokens, self._cached_tokens))
        stats = getattr(output, "metrics", None)
        core_ns = self._clock.of_seconds(getattr(stats, "last_token_ts", None))
        for choice in output.outputs:
            count = len(choice.token_ids)
            if count > 0 or choice.text:
                self._tokens += count
                self._outbox.add(records.delta(self.rid, choice.index, now_ns, core_ns, count, choice.text))
            if choice.finish_reason is not None:
                self._outbox.add(
                    records.choice_end(self.rid, choice.index, str(choice.finish_reason), choice.stop_reason)
                )
        if output.finished and stats is not None:
            self._metrics = request_metrics(stats, self._clock)

    def _end(self, aborted: bool) -> None:
        if self._ended:
            return
        self._ended = True
        usage = {
            "prompt_tokens": self._prompt_tokens,
            "completion_tokens": self._tokens,
            "cached_tokens": self._cached_tokens,
            "aborted": aborted,
        }
        self._outbox.add(records.end(self.rid, self._clock.now(), usage, self._metrics))


def request_metrics(stats: Any, clock: SessionClock) -> dict[str, Any]:
    """Copy of the engine's own stamps: the object they are read from goes on changing."""
    latency_s = getattr(stats, "first_token_latency", None)
    return {
        "queued": clock.of_seconds(getattr(stats, "queued_ts", None)),
        "scheduled": clock.of_seconds(getattr(stats, "scheduled_ts", None)),
        "first_token": clock.of_seconds(getattr(stats, "first_token_ts", None)),
        "last_token": clock.of_seconds(getattr(stats, "last_token_ts", None)),
        "gen_tokens": getattr(stats, "num_generation_tokens", None),
        "first_token_latency_ms": None if latency_s is None else latency_s * 1000,
        "corrupted": getattr(stats, "is_corrupted", None),
    }
