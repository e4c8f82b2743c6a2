"""What Dateline asks of a Unix system, and of no other: locks on files that end with their process, and limits for children.

Nothing is imported until it is needed, so that another system gets an error that says what is missing and what to do.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType

from rag.errors import UnsupportedSystem


def lock(descriptor: int, *, shared: bool = False) -> None:
    """Lock an open file until it is closed, by whoever ends first. Raises BlockingIOError where another process holds it."""
    fcntl = _module("fcntl")
    fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


def signal_input(descriptor: int) -> None:
    """From now on SIGIO tells this process of anything to read there; the end of a pipe is that too."""
    fcntl = _module("fcntl")
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)


def limit_process(*, memory: int | None = None, file_size: int | None = None, cpu_seconds: int | None = None) -> None:
    """Bound what this process may take from now on, in bytes and seconds; it leaves no core file either way."""
    resource = _module("resource")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limits = ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, file_size), (resource.RLIMIT_CPU, cpu_seconds))
    for kind, limit in limits:
        if limit is not None:
            resource.setrlimit(kind, (limit, limit))


def peak_memory() -> int:
    """The most bytes that this process has held. Linux's getrusage would also count what its parent held when it forked."""
    status = Path("/proc/self/status")
    if status.exists():
        return 1024 * int(status.read_text("utf-8").partition("VmHWM:")[2].split()[0])
    resource = _module("resource")
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * (1 if sys.platform == "darwin" else 1024)


def give_back_memory() -> None:
    """Free what only refers to itself, as networks do, and hand what that leaves back to the system where there is a way (glibc).

    Python looks for such things after many new objects, not after many bytes.
    """
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _module(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ImportError as error:
        raise UnsupportedSystem(
            f"Dateline runs on Linux and macOS: this system ({sys.platform}) has no {name!r}; on Windows, use it in WSL"
        ) from error
