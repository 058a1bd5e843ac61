"""What the stand-in does, and when."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, fields
from typing import Any, Optional

#: Tokens of an answer whose length nobody asks for.
NATURAL_LENGTH = 12


@dataclass
class Script:
    """Timing and faults of an engine."""

    ttft_ms: float = 1
    itl_ms: float = 0.2
    #: Tokens of one step, which come in one output.
    step_tokens: int = 1
    #: Every n-th token has no text of its own.
    empty_text_every: Optional[int] = None
    #: The first output never comes, or none after so many tokens.
    silent: bool = False
    stall_after: Optional[int] = None
    #: Each request fails with this text after so many tokens.
    fail_with: Optional[str] = None
    fail_after: int = 0
    #: The engine is dead before the first request.
    dead: bool = False
    #: The engine's core dies when it has made so many tokens.
    core_dies_after: Optional[int] = None
    #: This process dies, by this signal, when the engine has made so many tokens.
    signal_after: Optional[int] = None
    signal_number: int = 11
    #: Seconds of loading, and how it ends.
    load_s: float = 0
    load_error: Optional[str] = None
    load_lines: int = 0
    #: The core outlives everything that only asks it to end.
    ignore_sigterm: bool = False
    #: Seconds that `shutdown` takes.
    shutdown_s: float = 0
    #: Made when the consumer of a request has taken its last output.
    done_file: Optional[str] = None
    #: Tokens come as fast as they are taken; each instant is written here, as 64-bit numbers of `time.monotonic_ns`.
    burst_file: Optional[str] = None
    #: How the core process is made: `spawn`, `fork` (keeps what is open) or `none`.
    core: str = "spawn"
    #: Chat template of the tokenizer; None has none.
    chat_template: Optional[str] = "{{ messages }}"

    @staticmethod
    def of(given: Optional[dict[str, Any]]) -> Script:
        """The script that an engine argument asks for."""
        names = {field.name for field in fields(Script)}
        unknown = set(given or {}) - names
        if unknown:
            raise ValueError(f"the stand-in knows no {sorted(unknown)}")
        return Script(**(given or {}))


def token_id(prompt: str, index: int) -> int:
    """The token at `index` of the answer to `prompt`."""
    return zlib.crc32(f"{prompt}|{index}".encode()) % 1000


def token_text(script: Script, prompt: str, index: int) -> str:
    """Its text; words of their own, so that words count tokens."""
    if script.empty_text_every is not None and index % script.empty_text_every == script.empty_text_every - 1:
        return ""
    return f" w{token_id(prompt, index)}"
