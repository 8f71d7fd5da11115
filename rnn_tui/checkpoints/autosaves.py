"""Runs that are saved automatically: one file for each run of a lab, in the user's folder.  The lab writes and offers
them.

A file's name contains the time when its preset was opened, the lab, and the preset, so that labs that run at the same
time do not interfere.  A lab is identified by the host's name and a random number; while it runs, it holds a lock of
that name.
"""

import atexit
import os
import re
from contextlib import suppress
from pathlib import Path

from rnn_tui.checkpoints import SUFFIX
from rnn_tui.presets.store import own_folder
from rnn_tui.storage.files import make_folder

MOST_LEFT = 8  # files of labs that are closed
OWN: set[Path] = set()  # files of this lab
NAME = re.compile(r"\d{8}-\d{6}-(?:([0-9A-Za-z_]+)-([0-9a-f]{12})-)?.*")  # time, host, number of the lab
LOCK = ".lab-{}-{}.lock"  # host, number of the lab
WEEK = 7 * 24 * 3600  # seconds without a write, after which a lab counts as closed if locks do not work
NUMBER = os.urandom(6).hex()  # of this lab
NO_LOCKS = (
    "the file system of {} has no locks: after a crash, a run is offered only after a week; "
    "until then open it from that folder"
)
held: dict[Path, tuple[int, bool]] = {}  # lock files of this lab: descriptor, and whether locks work


def folder() -> Path:
    """Return the folder of the autosaves."""
    return own_folder().parent / "autosaves"


def path_for(moment: str, preset: str) -> Path:
    """Return a new path for the run of a preset that was opened at ``moment`` (YYYYMMDD-HHMMSS)."""
    from rnn_tui.storage.locks import HOST

    with suppress(OSError):  # writing the run will report the problem
        claim()
    name = re.sub(r"[^0-9A-Za-z_-]", "-", preset)[:40]
    path = folder() / f"{moment}-{HOST}-{NUMBER}-{len(OWN)}-{name}{SUFFIX}"
    OWN.add(path)
    return path


def claim() -> str:
    """Hold this lab's lock until the process ends; return a note for the user if locks do not work, else "".

    Raises:
        OSError: the folder is not writable.
    """
    from rnn_tui.storage.locks import HOST, hold

    path = folder() / LOCK.format(HOST, NUMBER)
    if path not in held:
        make_folder(path.parent)
        held[path] = hold(path)
        atexit.register(_let_go, path)
    return "" if held[path][1] else NO_LOCKS.format(folder())


def _let_go(path: Path) -> None:
    """Delete the lock file, so that the lab counts as closed on every host."""
    descriptor, _ = held.pop(path)
    with suppress(OSError):
        path.unlink()
    with suppress(OSError):
        os.close(descriptor)


def left() -> list[Path]:
    """Return the files of closed labs, the latest last."""
    found = [(age, path) for path in _files() if path not in OWN and (age := _closed_since(path)) is not None]
    return [path for _, path in sorted(found)]


def _files() -> list[Path]:
    try:
        return list(folder().glob(f"*{SUFFIX}"))
    except OSError:
        return []


def _closed_since(path: Path) -> int | None:
    """Return the time in ns when the file was written; None if its lab may be open, or it is not an autosave."""
    name = NAME.fullmatch(path.stem)
    if name is None:
        return None
    try:
        written = path.stat().st_mtime_ns
    except OSError:  # another lab has deleted it meanwhile
        return None
    closed = _closed(*name.groups())
    if closed is None:
        closed = _now() - written > WEEK * 10**9
    return written if closed else None


def _closed(host: str | None, number: str | None) -> bool | None:
    """Tell if a lab is closed; None if that is unknown: locks do not work, or are not visible between hosts."""
    from rnn_tui.storage.locks import HOST, is_free

    if host is None or number is None:  # a file of version 0.1
        return None
    lock = folder() / LOCK.format(host, number)
    lock_is_free = is_free(lock)
    return None if lock_is_free and host != HOST and os.path.lexists(lock) else lock_is_free


def _now() -> int:
    """Return the time in ns by the file system's clock; 0 if it cannot be determined."""
    for path in held:
        with suppress(OSError):
            os.utime(path)
            return path.stat().st_mtime_ns
    return 0


def take(path: Path) -> None:
    """Take over the file of a closed lab, whose run this lab has opened; it is no longer offered."""
    OWN.add(path)


def tidy() -> None:
    """Delete all but the latest files of closed labs, and lock files of closed labs without a run."""
    for path in left()[:-MOST_LEFT]:
        with suppress(OSError):
            path.unlink()
    labs = {name.groups() for path in _files() if (name := NAME.fullmatch(path.stem))}
    for lock in folder().glob(LOCK.format("*", "*")):
        words = lock.stem.removeprefix(".lab-").rpartition("-")
        if lock not in held and (words[0], words[2]) not in labs and _closed(words[0], words[2]):
            with suppress(OSError):
                lock.unlink()
