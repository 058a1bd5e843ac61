"""Collects records and sends them in one frame per turn of the event loop: no timer, no delay when idle."""

from __future__ import annotations

import asyncio

from . import records
from .channel import Channel
from .clock import SessionClock


class Outbox:
    """Records of all requests, in the order in which they were made. Used in the thread of the loop."""

    def __init__(self, channel: Channel, clock: SessionClock) -> None:
        self._channel = channel
        self._clock = clock
        self._records: list[bytes] = []

    def add(self, record: bytes) -> None:
        """Sends the record with those of the same turn: tasks that are ready run before the flush planned here."""
        if not self._records:
            asyncio.get_running_loop().call_soon(self.flush)
        self._records.append(record)

    def flush(self) -> None:
        """Sends what has been collected."""
        if not self._records:
            return
        waiting, self._records = self._records, []
        self._channel.send(records.out_frame(self._clock.now(), waiting))
