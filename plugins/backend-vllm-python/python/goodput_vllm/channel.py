"""The channel to goodput: an inherited socket, length-prefixed frames, a reader that never sleeps on the engine."""

from __future__ import annotations

import collections
import select
import socket
import struct
import threading
from collections.abc import Iterator
from typing import Callable, Optional

from .codec import encode

#: Bytes of the longest frame, either way.
MAX_FRAME = 64 * 1024 * 1024
#: Bytes that may wait to be sent before goodput is taken for stalled.
MAX_QUEUED = 256 * 1024 * 1024
_READ_SIZE = 256 * 1024
_LENGTH = struct.Struct("<I")


class ProtocolError(Exception):
    """What came over the channel breaks the protocol."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class FrameSplitter:
    """Cuts a stream of bytes into frames: u32 little-endian length, then the payload."""

    def __init__(self, max_frame: int = MAX_FRAME) -> None:
        self._max_frame = max_frame
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yields the payloads that are complete now. Raises ProtocolError for an impossible length."""
        self._buffer += data
        at = 0
        try:
            while len(self._buffer) - at >= 4:
                (size,) = _LENGTH.unpack_from(self._buffer, at)
                if not 1 <= size <= self._max_frame:
                    raise ProtocolError("frame_too_large", f"a frame of {size} bytes, {self._max_frame} at most")
                if len(self._buffer) - at - 4 < size:
                    break
                payload = bytes(self._buffer[at + 4 : at + 4 + size])
                at += 4 + size
                yield payload
        finally:
            del self._buffer[:at]


class Channel:
    """Sends from any thread without blocking; reads in a thread of its own."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._lock = threading.Lock()
        self._queue: collections.deque[memoryview] = collections.deque()
        self._queued = 0
        self._drainer: Optional[threading.Thread] = None
        self._closed = False
        #: Called once, in the sending thread, when more than MAX_QUEUED bytes wait.
        self.on_stall: Callable[[], None] = lambda: None
        self.max_queued = MAX_QUEUED

    def send(self, payload: bytes) -> None:
        """Sends one frame. What the socket does not take at once is sent by another thread, in order."""
        frame = _LENGTH.pack(len(payload)) + payload
        stalled = False
        with self._lock:
            if self._closed:
                return
            if not self._queue:
                sent = self._try_send(frame)
                if self._closed or sent == len(frame):
                    return
                rest = memoryview(frame)[sent:]
            else:
                rest = memoryview(frame)
            self._queue.append(rest)
            self._queued += len(rest)
            if self._queued > self.max_queued:
                self._closed = True
                stalled = True
            elif self._drainer is None:
                self._drainer = threading.Thread(target=self._drain, name="channel-drain", daemon=True)
                self._drainer.start()
        if stalled:
            self.on_stall()

    def send_message(self, op: str, body: object) -> None:
        """Sends a control message."""
        self.send(encode([op, body]))

    def read(self, on_frames: Callable[[list[bytes]], None]) -> None:
        """Reads until the other side is gone. Raises ProtocolError."""
        splitter = FrameSplitter()
        while True:
            try:
                data = self._socket.recv(_READ_SIZE)
            except OSError:
                return
            if not data:
                return
            frames = list(splitter.feed(data))
            if frames:
                on_frames(frames)

    def flush(self, timeout_s: float) -> None:
        """Waits until everything is sent, at most `timeout_s`."""
        drainer = self._drainer
        if drainer is not None:
            drainer.join(timeout_s)

    def close_in_child(self) -> None:
        """For a forked child: it must not keep the channel open when this process dies."""
        self._closed = True
        self._socket.close()

    def _try_send(self, data: bytes | memoryview) -> int:
        try:
            return self._socket.send(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return 0
        except OSError:
            self._closed = True  # the reader sees the end as well and acts
            return 0

    def _drain(self) -> None:
        while True:
            select.select([], [self._socket], [])
            with self._lock:
                while self._queue:
                    piece = self._queue[0]
                    sent = self._try_send(piece)
                    self._queued -= sent
                    if sent < len(piece):
                        self._queue[0] = piece[sent:]
                        break
                    self._queue.popleft()
                if self._closed or not self._queue:
                    self._queue.clear()
                    self._drainer = None
                    return
