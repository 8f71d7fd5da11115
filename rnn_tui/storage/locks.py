"""Locks of the operating system on files: they end with the process that holds them, however it ends.

A lock is seen by other hosts as far as the file system passes it on.  Some file systems have none at all.
"""

import os
import platform
import re
from pathlib import Path

from filelock import lock_descriptor

HOST = re.sub(r"[^0-9A-Za-z_]", "_", platform.node()) or "host"


def locked(descriptor: int) -> bool | None:
    """Lock an open file without waiting; False where another process has it, None where that cannot be known."""
    try:
        return lock_descriptor(descriptor, blocking=False)
    except OSError:  # no locks here (ENOLCK, ENOSYS, EOPNOTSUPP), or not for us
        return None


def hold(path: Path) -> tuple[int, bool]:
    """Make the file and lock it until the process ends; its descriptor, and whether there are locks here.

    Raises:
        OSError: there can be no such file.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        held = locked(descriptor)
        if held is None:
            return descriptor, False
        if held and _is(path, descriptor):
            return descriptor, True
        os.close(descriptor)  # somebody looks at it just now, or has taken it away


def is_free(path: Path) -> bool | None:
    """Whether no process holds the lock any longer; None where that cannot be known."""
    try:
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:  # the process has taken it away at its end
        return True
    except OSError:  # somebody else's
        return None
    try:
        return locked(descriptor)
    finally:
        os.close(descriptor)


def _is(path: Path, descriptor: int) -> bool:
    """Whether the open file is still the one that has the name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False
