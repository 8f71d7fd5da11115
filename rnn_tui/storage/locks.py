"""File locks of the operating system: they end with the process that holds them, however it ends.

Other hosts see a lock only if the file system transmits it.  Some file systems have no locks.
"""

import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import lock_descriptor

from rnn_tui.errors import RnnTuiError
from rnn_tui.storage.files import make_folder

HOST = re.sub(r"[^0-9A-Za-z_]", "_", platform.node()) or "host"


def locked(descriptor: int) -> bool | None:
    """Lock an open file without waiting; return False if another process holds it, None if locks do not work."""
    try:
        return lock_descriptor(descriptor, blocking=False)
    except OSError:  # no locks on this file system (ENOLCK, ENOSYS, EOPNOTSUPP), or no permission
        return None


def hold(path: Path) -> tuple[int, bool]:
    """Create the file and lock it until the process ends; return its descriptor, and whether locks work there.

    Raises:
        OSError: the file cannot be created.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        held = locked(descriptor)
        if held is None:
            return descriptor, False
        if held and _is(path, descriptor):
            return descriptor, True
        os.close(descriptor)  # another process is checking it at the moment, or has deleted it


@contextmanager
def exclusive(path: Path, refusal: str) -> Iterator[None]:
    """Hold the lock of a file, which is created if there is none; without locks on the file system, do nothing.

    Raises:
        RnnTuiError: with the text ``refusal``, if another process holds it; or the file cannot be created.
    """
    with _opened(path, path) as descriptor:
        if locked(descriptor) is False:
            raise RnnTuiError(refusal)
        yield


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Wait until no other process changes ``path`` in turn; without locks on the file system, do nothing.

    The lock is a file beside it, since the file itself may be replaced; their folder is created if there is none.

    Raises:
        RnnTuiError: the folder or the lock cannot be created.
    """
    try:
        make_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from None
    with _opened(path.with_name(f".{path.name}.lock"), path) as descriptor:
        with suppress(OSError):  # no locks on this file system
            lock_descriptor(descriptor, blocking=True)
        yield


@contextmanager
def _opened(path: Path, told: Path) -> Iterator[int]:
    """Open a file, which is created if there is none.  Raises RnnTuiError, which names ``told``."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    except OSError as error:
        raise _unwritable(told, error) from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _unwritable(path: Path, error: OSError) -> RnnTuiError:
    return RnnTuiError(f"{path}: cannot be written ({error.strerror or error})")


def is_free(path: Path) -> bool | None:
    """Tell if no process holds the lock; None if that is unknown."""
    try:
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:  # the process deleted it at its end
        return True
    except OSError:  # owned by another user
        return None
    try:
        return locked(descriptor)
    finally:
        os.close(descriptor)


def _is(path: Path, descriptor: int) -> bool:
    """Tell if the path still names the open file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False
