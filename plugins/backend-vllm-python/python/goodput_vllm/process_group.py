"""The engine's processes belong to the group that this process leads: none of them may outlive it."""

from __future__ import annotations

import os
import shutil
import signal
import time
from typing import Optional


def end_group(grace_s: float, folder: Optional[str]) -> None:
    """Ends every process of the group, this one included: asked first, killed after `grace_s`."""
    if os.getpgrp() != os.getpid():
        os._exit(6)  # not the leader: the group is someone else's
    os.killpg(0, signal.SIGTERM)
    time.sleep(grace_s)
    kill_group(folder)


def kill_group(folder: Optional[str]) -> None:
    """Kills every process of the group, this one included."""
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(6)
