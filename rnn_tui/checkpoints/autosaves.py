"""Runs that are kept by themselves: one file for each run of a lab, in the user's folder.  The lab writes and offers
them.

A file is named after when its preset was opened, the lab, and the preset, so that labs side by side do not get in each
other's way.  A lab is a host's name and a number of its own; as long as it runs, it holds a lock of that name.
"""

import atexit
import os
import re
from contextlib import suppress
from pathlib import Path

from rnn_tui.checkpoints import SUFFIX
from rnn_tui.presets.store import own_folder

MOST_LEFT = 8  # files of labs that are closed
OWN: set[Path] = set()  # this lab's
NAME = re.compile(r"\d{8}-\d{6}-(?:([0-9A-Za-z_]+)-([0-9a-f]{12})-)?.*")  # time, host, number of the lab
LOCK = ".lab-{}-{}.lock"  # host, number of the lab
WEEK = 7 * 24 * 3600  # seconds without a write, after which a lab counts as closed where its lock cannot be known
NUMBER = os.urandom(6).hex()  # of this lab
NO_LOCKS = (
    "the file system of {} has no locks: after a crash, a run is offered a week later; you can open it from there"
)
held: dict[Path, tuple[int, bool]] = {}  # this lab's locks: descriptor, and whether it is one


def folder() -> Path:
    return own_folder().parent / "autosaves"


def path_for(moment: str, preset: str) -> Path:
    """A place of its own for the run of a preset that was opened at ``moment`` (YYYYMMDD-HHMMSS)."""
    from rnn_tui.storage.locks import HOST

    with suppress(OSError):  # which writing the run will say
        claim()
    name = re.sub(r"[^0-9A-Za-z_-]", "-", preset)[:40]
    path = folder() / f"{moment}-{HOST}-{NUMBER}-{len(OWN)}-{name}{SUFFIX}"
    OWN.add(path)
    return path


def claim() -> str:
    """Hold this lab's lock from now on; what the user must know where there are no locks.

    Raises:
        OSError: nothing can be written there.
    """
    from rnn_tui.storage.locks import HOST, hold

    path = folder() / LOCK.format(HOST, NUMBER)
    if path not in held:
        path.parent.mkdir(parents=True, exist_ok=True)
        held[path] = hold(path)
        atexit.register(_let_go, path)
    return "" if held[path][1] else NO_LOCKS.format(folder())


def _let_go(path: Path) -> None:
    """The lab is closed, on whichever host somebody asks."""
    descriptor, _ = held.pop(path)
    with suppress(OSError):
        path.unlink()
    with suppress(OSError):
        os.close(descriptor)


def left() -> list[Path]:
    """The files of labs that are closed, the one that was written last at the end."""
    found = [(age, path) for path in _files() if path not in OWN and (age := _closed_since(path)) is not None]
    return [path for _, path in sorted(found)]


def _files() -> list[Path]:
    try:
        return list(folder().glob(f"*{SUFFIX}"))
    except OSError:
        return []


def _closed_since(path: Path) -> int | None:
    """When the file was written last; None where its lab may be open, and where it is gone or is nobody's run."""
    name = NAME.fullmatch(path.stem)
    if name is None:
        return None
    try:
        written = path.stat().st_mtime_ns
    except OSError:  # another lab has taken it away just now
        return None
    closed = _closed(*name.groups())
    if closed is None:
        closed = _now() - written > WEEK * 10**9
    return written if closed else None


def _closed(host: str | None, number: str | None) -> bool | None:
    """Whether a lab is closed; None where that cannot be known: no locks, or those of another host may not be seen."""
    from rnn_tui.storage.locks import HOST, is_free

    if host is None or number is None:  # a file of version 0.1
        return None
    lock = folder() / LOCK.format(host, number)
    lock_is_free = is_free(lock)
    return None if lock_is_free and host != HOST and os.path.lexists(lock) else lock_is_free


def _now() -> int:
    """By the clock of the file system, in nanoseconds; 0 where it cannot be asked."""
    for path in held:
        with suppress(OSError):
            os.utime(path)
            return path.stat().st_mtime_ns
    return 0


def take(path: Path) -> None:
    """It is on this lab's bench now, and the one before it is the next to be taken up."""
    OWN.add(path)


def tidy() -> None:
    """Take all but the latest of those away, and the locks of labs that have left no run."""
    for path in left()[:-MOST_LEFT]:
        with suppress(OSError):
            path.unlink()
    labs = {name.groups() for path in _files() if (name := NAME.fullmatch(path.stem))}
    for lock in folder().glob(LOCK.format("*", "*")):
        words = lock.stem.removeprefix(".lab-").rpartition("-")
        if lock not in held and (words[0], words[2]) not in labs and _closed(words[0], words[2]):
            with suppress(OSError):
                lock.unlink()
