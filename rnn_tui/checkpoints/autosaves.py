"""Runs that are kept by themselves: one file for each lab, in the user's folder.  The lab writes and offers them.

A file is named after when its lab was opened, its process, and the preset, so that labs side by side do not get in each
other's way.
"""

import os
import re
from contextlib import suppress
from pathlib import Path

from rnn_tui.checkpoints import SUFFIX
from rnn_tui.library import own_folder
from rnn_tui.processes import runs

MOST_LEFT = 5  # files of labs that are closed
NAME = re.compile(r"(\d{8}-\d{6})-(\d+)-.*")  # time, process


def folder() -> Path:
    return own_folder().parent / "autosaves"


def path_for(moment: str, preset: str) -> Path:
    """Where the lab that was opened at ``moment`` (YYYYMMDD-HHMMSS) keeps its run."""
    return folder() / f"{moment}-{os.getpid()}-{re.sub(r'[^0-9A-Za-z_-]', '-', preset)[:40]}{SUFFIX}"


def left() -> list[Path]:
    """The files of labs that are closed, the latest last."""
    with suppress(OSError):
        found = ((NAME.fullmatch(path.stem), path) for path in folder().glob(f"*{SUFFIX}"))
        return sorted(path for name, path in found if name and not runs(int(name[2])))
    return []


def tidy() -> None:
    """Take all but the latest of those away."""
    for path in left()[:-MOST_LEFT]:
        with suppress(OSError):
            path.unlink()
