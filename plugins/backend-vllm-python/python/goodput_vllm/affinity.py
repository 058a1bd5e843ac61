"""CPUs that the engine's processes may use. Linux only; elsewhere nothing happens."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Optional

_CGROUP_FILES = ("/sys/fs/cgroup/cpuset.cpus.effective", "/sys/fs/cgroup/cpuset/cpuset.effective_cpus")


def parse_cpus(text: str) -> set[int]:
    """CPUs of a list such as `0-3,8`. Raises ValueError."""
    cpus: set[int] = set()
    for part in text.strip().split(","):
        first, _, last = part.partition("-")
        cpus.update(range(int(first), int(last or first) + 1))
    return cpus


def cgroup_cpus(files: Iterable[str] = _CGROUP_FILES) -> Optional[set[int]]:
    """CPUs that the control group grants, version 2 before version 1; None when neither file tells."""
    for name in files:
        try:
            text = Path(name).read_text().strip()
        except OSError:
            continue
        if text:
            return parse_cpus(text)
    return None


def wanted_cpus(setting: Optional[str]) -> Optional[set[int]]:
    """CPUs for a setting: None or `inherit` leaves them, `cgroup` takes the control group's, else a list."""
    if setting in (None, "inherit") or not hasattr(os, "sched_setaffinity"):
        return None
    return cgroup_cpus() if setting == "cgroup" else parse_cpus(str(setting))


def restrict_this_thread(cpus: set[int]) -> None:
    """Restricts the calling thread and what it starts from now on. Raises OSError when no such CPU is usable."""
    os.sched_setaffinity(0, cpus)


def restrict_children(cpus: set[int]) -> None:
    """Restricts all threads of the other processes of this group."""
    group, own = os.getpgrp(), os.getpid()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == own:
            continue
        try:
            if os.getpgid(int(entry.name)) != group:
                continue
            for task in (entry / "task").iterdir():
                os.sched_setaffinity(int(task.name), cpus)
        except OSError:
            continue  # it has ended meanwhile


def release_own_threads(cpus: set[int]) -> None:
    """Gives this process's threads back the CPUs that they had."""
    for task in Path("/proc/self/task").iterdir():
        try:
            os.sched_setaffinity(int(task.name), cpus)
        except OSError:
            continue
