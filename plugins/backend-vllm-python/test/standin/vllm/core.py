"""The core: a process of its own that must not outlive the engine, and the steps that make tokens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any, Optional

from .outputs import CompletionOutput, RequestOutput, RequestStateStats
from .sampling_params import RequestOutputKind, SamplingParams
from .script import NATURAL_LENGTH, Script, token_id, token_text
from .v1.metrics.loggers import IterationStats, PrefixCacheStats, SchedulerStats

_IDLE = "import time\nwhile True: time.sleep(1000)"
_STUBBORN = f"import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n{_IDLE}"
#: Tokens of a block of the prefix cache.
BLOCK = 16


class CoreProcess:
    """A process that does nothing but exist, as vLLM's core does as far as a parent can tell."""

    def __init__(self, script: Script) -> None:
        self._process: Optional[subprocess.Popen[bytes]] = None
        self._forked: Optional[int] = None
        if script.core == "fork":
            self._forked = os.fork()
            if self._forked == 0:
                while True:
                    time.sleep(1000)
        elif script.core == "spawn":
            code = _STUBBORN if script.ignore_sigterm else _IDLE
            self._process = subprocess.Popen([sys.executable, "-I", "-S", "-c", code], stdin=subprocess.DEVNULL)

    @property
    def is_alive(self) -> bool:
        """Whether it still runs; reaps it when not."""
        if self._process is not None:
            return self._process.poll() is None
        if self._forked is not None:
            return os.waitpid(self._forked, os.WNOHANG)[0] == 0
        return True

    def kill(self) -> None:
        """Ends it by force."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        elif self._forked is not None:
            os.kill(self._forked, signal.SIGKILL)
            os.waitpid(self._forked, 0)
            self._forked = None


class Running:
    """A request that the core works on. Its output is collected until it is taken, as in vLLM."""

    def __init__(self, request_id: str, prompt: str, ids: list[int], params: SamplingParams, limit: int) -> None:
        self.request_id = request_id
        self.prompt = prompt
        self.ids = ids
        self.params = params
        room = max(0, limit - len(ids))
        wanted = room if params.max_tokens is None else min(params.max_tokens, room)
        self.length = wanted if params.ignore_eos or params.max_tokens is None else min(wanted, NATURAL_LENGTH)
        if params.max_tokens is None and not params.ignore_eos:
            self.length = min(room, NATURAL_LENGTH)
        self.reason = "stop" if self.length == NATURAL_LENGTH and not params.ignore_eos else "length"
        self.made = 0
        self.cached = 0
        now = time.monotonic()
        self.stats = RequestStateStats(arrival_time=time.time(), queued_ts=now, scheduled_ts=now)
        self.starts_at = now
        self._text: list[str] = []
        self._ids: list[int] = []

    @property
    def is_finished(self) -> bool:
        """Whether all its tokens are made."""
        return self.made >= self.length

    @property
    def has_output(self) -> bool:
        """Whether something can be taken."""
        if self.params.output_kind is RequestOutputKind.FINAL_ONLY:
            return self.is_finished
        return bool(self._ids) or self.is_finished

    def step(self, script: Script) -> int:
        """Makes the tokens of one step; how many."""
        before = self.made
        now = time.monotonic()
        for _ in range(min(script.step_tokens, self.length - self.made)):
            self._text.append(token_text(script, self.prompt, self.made))
            self._ids.append(token_id(self.prompt, self.made))
            self.made += 1
        if before == 0:
            self.stats.first_token_ts = now
            self.stats.first_token_latency = now - self.starts_at
        self.stats.last_token_ts = now
        self.stats.num_generation_tokens = self.made
        return self.made - before

    def take(self, with_stats: bool) -> RequestOutput:
        """What has been collected."""
        text, ids = "".join(self._text), self._ids
        if self.params.output_kind is RequestOutputKind.DELTA:
            self._text, self._ids = [], []
        choice = CompletionOutput(0, text, list(ids), self.reason if self.is_finished else None)
        return RequestOutput(
            self.request_id,
            self.prompt,
            self.ids,
            [choice],
            self.is_finished,
            self.stats if with_stats else None,
            self.cached,
        )


class PrefixCache:
    """Which blocks of prompts are known. Counts in tokens."""

    def __init__(self) -> None:
        self._known: set[tuple[int, ...]] = set()
        self.pending = PrefixCacheStats()

    def lookup(self, ids: list[int]) -> int:
        """Tokens at the beginning of `ids` that are known; learns the rest. The last token is never taken from it."""
        cached = 0
        for end in range(BLOCK, len(ids), BLOCK):
            block = tuple(ids[:end])
            if block in self._known and cached == end - BLOCK:
                cached = end
            self._known.add(block)
        self.pending.requests += 1
        self.pending.queries += len(ids)
        self.pending.hits += cached
        return cached

    def reset(self) -> None:
        """Forgets everything."""
        self._known.clear()
        self.pending = PrefixCacheStats(reset=True)

    def take(self) -> PrefixCacheStats:
        """Changes since the last call."""
        pending, self.pending = self.pending, PrefixCacheStats()
        return pending


def report(loggers: list[Any], running: int, cache: PrefixCache, iteration: IterationStats) -> None:
    """Tells the loggers of a step."""
    if not loggers:
        return
    scheduler = SchedulerStats(running, 0, min(1.0, running / 256), cache.take())
    for logger in loggers:
        logger.record(scheduler, iteration, mm_cache_stats=None, engine_idx=0)


def load(script: Script) -> None:
    """Takes the time of loading and fails as asked."""
    for number in range(script.load_lines):
        print(f"INFO 01-02 03:04:05 [loader.py:{number}] Loading weights took {number} seconds")
    sys.stderr.write("INFO 01-02 03:04:05 [gpu_model_runner.py:1] Starting to load model\n")
    sys.stderr.write("Loading shards: 10%\rLoading shards: 50%\rLoading shards: 100%\n")
    time.sleep(script.load_s)
    if script.load_error is not None:
        raise RuntimeError(script.load_error)
