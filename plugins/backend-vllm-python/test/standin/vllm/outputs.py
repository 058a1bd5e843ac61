"""Outputs of a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Optional


@dataclass
class CompletionOutput:
    """One choice."""

    index: int
    text: str
    token_ids: list[int]
    finish_reason: Optional[str] = None
    stop_reason: Any = None
    logprobs: Any = None


@dataclass
class RequestStateStats:
    """Stamps of the engine: wall clock on arrival, the monotonic clock after that. One object for the whole request."""

    arrival_time: float = 0.0
    queued_ts: float = 0.0
    scheduled_ts: float = 0.0
    first_token_ts: float = 0.0
    last_token_ts: float = 0.0
    first_token_latency: float = 0.0
    num_generation_tokens: int = 0
    is_corrupted: bool = False


@dataclass
class RequestOutput:
    """What one `yield` of `generate` gives."""

    request_id: str
    prompt: Optional[str]
    prompt_token_ids: list[int]
    outputs: list[CompletionOutput]
    finished: bool
    metrics: Optional[RequestStateStats] = None
    num_cached_tokens: Optional[int] = None
    extra: dict[str, Any] = field(default_factory=dict)
