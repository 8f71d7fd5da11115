"""Files that a command writes: all or none, and over existing files only if the user asks for it."""

import os
from collections.abc import Iterable
from pathlib import Path

import click

from rnn_tui.errors import RnnTuiError, escaped

force = click.option("--force", is_flag=True, help="Overwrite existing files.")


def write_files(files: dict[Path, bytes], force: bool) -> None:
    """Write all files, and print their names and sizes.  Raises RnnTuiError if one cannot be written; then none is."""
    from rnn_tui.storage import atomic_write

    check_files(files, force)
    atomic_write.write_all(files, over=force)
    for path, data in files.items():
        click.echo(f"{escaped(str(path))}: {len(data):,} bytes")


def check_files(paths: Iterable[Path], force: bool) -> None:
    """Raise RnnTuiError if one of the files cannot be written; call it before long work."""
    for path in paths:
        if problem := _problem(path, force):
            raise RnnTuiError(problem)


def _problem(path: Path, force: bool) -> str:
    """Return why a file cannot be written, or an empty string."""
    from rnn_tui.storage.files import path_kind

    there = path_kind(path)
    if there == "folder":
        return f"{path} is a folder; give a file"
    nearest = next((folder for folder in path.parents if path_kind(folder)), path.parent)
    if path_kind(nearest) not in ("", "folder"):
        return f"{nearest} is a file; give a folder"
    if there == "other":
        return f"{path} is a pipe or a device; give a file"
    if there and not force:
        return f"{path} exists; --force overwrites it"
    if there and not os.access(path, os.W_OK):
        return f"{path} is write-protected; give another file, or change its permissions"
    if path_kind(nearest) and not os.access(nearest, os.W_OK):
        return f"{path}: nothing can be written in {nearest.absolute()}; give another folder, or change its permissions"
    return ""
