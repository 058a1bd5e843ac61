"""The clock of the channel: CLOCK_MONOTONIC, which Node's `process.hrtime` and the engine's own stamps read as well."""

from __future__ import annotations

import time
from typing import Optional


class SessionClock:
    """Nanoseconds since the epoch that goodput chose."""

    def __init__(self, epoch_ns: int) -> None:
        self._epoch_ns = epoch_ns

    def now(self) -> int:
        """The present instant."""
        return time.monotonic_ns() - self._epoch_ns

    def of_seconds(self, monotonic_s: Optional[float]) -> Optional[int]:
        """An instant that the engine took with `time.monotonic()`; None when there is none (None or 0)."""
        if not monotonic_s:
            return None
        return max(0, int(monotonic_s * 1e9) - self._epoch_ns)
