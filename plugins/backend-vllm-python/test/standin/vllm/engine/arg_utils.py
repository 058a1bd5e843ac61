"""Engine arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional


@dataclass
class EngineArgs:
    """The fields that tests give."""

    model: str = "facebook/opt-125m"
    dtype: str = "auto"
    load_format: str = "auto"
    max_model_len: int = 2048
    max_num_seqs: int = 256
    gpu_memory_utilization: float = 0.9
    enforce_eager: bool = False
    generation_config: str = "auto"
    trust_remote_code: bool = False
    disable_log_stats: bool = False
    enable_log_requests: bool = False
    standin: Optional[dict[str, Any]] = None


@dataclass
class AsyncEngineArgs(EngineArgs):
    """The same for the asynchronous engine."""
