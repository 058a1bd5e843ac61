"""Life of the bridge: hello, configuration, loading, serving, end."""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import os
import platform
import signal
import socket
import sys
import threading
import time
from typing import Any, Optional

from . import VERSION
from .channel import Channel, ProtocolError
from .codec import CodecError, decode
from .failures import BridgeError, describe
from .process_group import end_group, kill_group
from .server import Server
from .vllm_version import check_version, installed_version

PROTOCOL = (1, 0)
EXIT_OK, EXIT_USAGE, EXIT_VERSION, EXIT_START, EXIT_DEAD, EXIT_ORPHAN, EXIT_PROTOCOL = 0, 2, 3, 4, 5, 6, 7
#: How long the group may take to end after goodput is gone, before it is killed.
ORPHAN_GRACE_S = 5.0
#: A thread that waits for Python's lock gets it after this time at the latest: the reader must not wait for long.
_SWITCH_INTERVAL_S = 0.0005
#: How long goodput may take to read the last message. What it writes meanwhile is read and dropped: writing to a closed
#: socket would make it lose what it has not read.
_FAREWELL_S = 2.0


class _Stop(BaseException):
    """Raised in the main thread by SIGTERM while the engine loads."""


def run(fd: int) -> int:
    """Serves goodput over the socket `fd`; returns the exit code."""
    try:
        sock = socket.socket(fileno=fd)
    except OSError:
        sys.stderr.write(f"File descriptor {fd} is no socket: this program is started by goodput, not by hand.\n")
        return EXIT_USAGE
    sock.set_inheritable(False)
    channel = Channel(sock)
    os.register_at_fork(after_in_child=channel.close_in_child)
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    faulthandler.enable()  # a crash in compiled code leaves the Python stack in the log
    session = Session(channel)
    code = session.run()
    if session.is_orphan:
        kill_group(session.folder)
    channel.flush(_FAREWELL_S)
    session.wait_for_end(_FAREWELL_S)
    if session.is_stuck:
        os._exit(code)
    return code


class Session:
    """One connection with goodput, from hello to bye."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._loop = _new_loop()
        self._init: Optional[dict[str, Any]] = None
        self._init_came: asyncio.Future[None] = self._loop.create_future()
        self._server: Optional[Server] = None
        self._phase = "spawned"
        self._loading = False
        self._is_over = False
        self._peer_ended = threading.Event()
        self.folder: Optional[str] = None
        self.is_orphan = False
        self.is_stuck = False

    def run(self) -> int:
        """Runs to the end."""
        signal.signal(signal.SIGTERM, self._on_sigterm)
        self._channel.on_stall = self._on_stall
        threading.Thread(target=self._read, name="channel-read", daemon=True).start()
        try:
            return self._loop.run_until_complete(self._serve())
        except _Stop:
            return EXIT_OK

    def wait_for_end(self, timeout_s: float) -> None:
        """Waits until goodput has read the last message and closed its end."""
        self._peer_ended.wait(timeout_s)

    async def _serve(self) -> int:
        try:
            version = self._hello()
            await self._init_came
            init = self._init
            assert init is not None
            self._check_protocol(init)
            remark = check_version(version)
            if remark is not None:
                self._log("warning", remark)
            server = Server(self._channel, init, version)
            self._server = server
            self._load(server)
        except _Stop:
            return EXIT_OK
        except BaseException as error:
            return self._fatal(error)
        code = await server.until_stopped()
        self._phase = "stopping"
        if code == EXIT_DEAD:
            failure = server.dead_failure
            self._channel.send_message("fatal", {"err": failure, "phase": "serving"})
        self.is_stuck = server.is_stuck
        server.shutdown()
        self._is_over = True
        self._channel.send_message("bye", {"code": code, "in_flight": server.in_flight})
        return code

    def _hello(self) -> Optional[str]:
        missing: Optional[BridgeError] = None
        version: Optional[str] = None
        try:
            version = installed_version()
        except BridgeError as error:
            missing = error
        self._channel.send_message(
            "hello",
            {
                "proto": list(PROTOCOL),
                "bridge": VERSION,
                "pid": os.getpid(),
                "python": platform.python_version(),
                "executable": sys.executable,
                "platform": sys.platform,
                "vllm": version,
                "mono_ns": time.monotonic_ns(),
                "wall_ns": time.time_ns(),
            },
        )
        self._phase = "hello"
        if missing is not None:
            raise missing
        return version

    def _check_protocol(self, init: dict[str, Any]) -> None:
        theirs = init.get("proto")
        if not isinstance(theirs, list) or theirs[:1] != [PROTOCOL[0]]:
            raise BridgeError("version_mismatch", f"goodput speaks protocol {theirs}, the bridge {list(PROTOCOL)}")
        self.folder = init.get("folder")

    def _load(self, server: Server) -> None:
        """Builds the engine in the main thread, with the loop running so that it finds it, but blocked."""
        started = time.monotonic()
        self._loading = True
        try:
            for phase, step in server.start_steps():
                self._phase = phase
                self._channel.send_message("progress", {"phase": phase, "detail": None})
                step()
        finally:
            self._loading = False
        gc.collect()
        gc.freeze()
        self._phase = "ready"
        load_ms = (time.monotonic() - started) * 1000
        self._channel.send_message("ready", {"load_ms": load_ms, **server.describe()})

    def _fatal(self, error: BaseException) -> int:
        failure = describe(error, "engine_start_failed")
        self._channel.send_message("fatal", {"err": failure, "phase": self._phase})
        self._is_over = True
        self._channel.send_message("bye", {"code": EXIT_START, "in_flight": 0})
        versions = ("version_mismatch", "unsupported_vllm", "vllm_not_installed")
        return EXIT_VERSION if failure["code"] in versions else EXIT_START

    # The reader thread: answers while the main thread loads.

    def _read(self) -> None:
        try:
            self._channel.read(self._on_frames)
        except (ProtocolError, CodecError) as error:
            code = error.code if isinstance(error, ProtocolError) else "protocol_error"
            failure = describe(BridgeError(code, str(error)), code)
            self._channel.send_message("fatal", {"err": failure, "phase": self._phase})
            self._channel.flush(1)
            os._exit(EXIT_PROTOCOL)
        if self._is_over:
            self._peer_ended.set()
            return
        self.is_orphan = True
        end_group(ORPHAN_GRACE_S, self.folder)

    def _on_frames(self, frames: list[bytes]) -> None:
        received_ns = time.monotonic_ns()
        messages = []
        for frame in frames:
            message = decode(frame)
            if not isinstance(message, list) or len(message) != 2 or not isinstance(message[0], str):
                raise ProtocolError("protocol_error", "a message is not [op, body]")
            op, body = message
            if op == "ping":
                self._pong(body, received_ns)
            elif op == "shutdown" and self._loading:
                os.kill(os.getpid(), signal.SIGTERM)  # interrupts the constructor of the engine
            else:
                messages.append((op, body))
        if messages:
            self._loop.call_soon_threadsafe(self._on_messages, messages, received_ns)

    def _pong(self, ping: dict[str, Any], received_ns: int) -> None:
        stamps = {"t": ping.get("t"), "t_rx": received_ns, "t_tx": time.monotonic_ns()}
        self._channel.send_message("pong", {"id": ping.get("id"), **stamps, "state": self._phase})

    def _on_messages(self, messages: list[tuple[str, Any]], received_ns: int) -> None:
        for op, body in messages:
            if op == "init" and self._init is None:
                self._init = body
                self._init_came.set_result(None)
            elif self._server is not None:
                self._server.handle(op, body, received_ns)
            elif op == "shutdown":
                self._init_came.set_exception(_stop_error())

    def _on_sigterm(self, _number: int, _frame: Any) -> None:
        if self._loading:
            raise _Stop
        if self._server is not None:
            self._server.stop(EXIT_ORPHAN if self.is_orphan else EXIT_OK)
        else:
            raise SystemExit(EXIT_OK)

    def _on_stall(self) -> None:
        sys.stderr.write("goodput does not read what the engine sends: giving up\n")
        os._exit(EXIT_PROTOCOL)

    def _log(self, level: str, text: str) -> None:
        self._channel.send_message("log", {"level": level, "msg": text})


def _stop_error() -> BaseException:
    return BridgeError("stopped", "stopped before it was configured")


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:
        loop = asyncio.new_event_loop()
    else:
        loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop
