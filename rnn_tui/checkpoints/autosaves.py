"""Runs that are kept by themselves: one file for each lab, in the user's folder.  The lab writes and offers them.

A file is named after when its preset was opened, the lab's process, and the preset, so that labs side by side do not
get in each other's way.
"""

import os
import re
from contextlib import suppress
from pathlib import Path

from rnn_tui.checkpoints import SUFFIX
from rnn_tui.library import own_folder
from rnn_tui.processes import alive

MOST_LEFT = 8  # files of labs that are closed
OWN: set[Path] = set()  # this lab's
NAME = re.compile(r"(\d{8}-\d{6})-(\d+)-.*")  # time, process


def folder() -> Path:
    return own_folder().parent / "autosaves"


def path_for(moment: str, preset: str) -> Path:
    """A place of its own for the run of a preset that was opened at ``moment`` (YYYYMMDD-HHMMSS)."""
    name = re.sub(r"[^0-9A-Za-z_-]", "-", preset)[:40]
    path = folder() / f"{moment}-{os.getpid()}-{len(OWN)}-{name}{SUFFIX}"
    OWN.add(path)
    return path


def left() -> list[Path]:
    """The files of labs that are closed, the one that was written last at the end."""
    with suppress(OSError):
        found = [path for path in folder().glob(f"*{SUFFIX}") if path not in OWN and not _is_open(path)]
        return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))
    return []


def _is_open(path: Path) -> bool:
    """Whether it may be another lab's that is still there; a process that had our number before us is not."""
    name = NAME.fullmatch(path.stem)
    return name is None or (int(name[2]) != os.getpid() and alive(int(name[2])))


def take(path: Path) -> None:
    """It is on this lab's bench now, and the one before it is the next to be taken up."""
    OWN.add(path)


def tidy() -> None:
    """Take all but the latest of those away."""
    for path in left()[:-MOST_LEFT]:
        with suppress(OSError):
            path.unlink()
