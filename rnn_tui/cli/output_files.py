"""Files that a command writes: all of them or none, and over others only where the user says so."""

from pathlib import Path

import click

from rnn_tui.errors import RnnTuiError, escaped

force = click.option("--force", is_flag=True, help="Overwrite files that are there already.")


def write_files(files: dict[Path, bytes], force: bool) -> None:
    """Write all of them, and say so.  Raises RnnTuiError, with nothing written, where one of them cannot be."""
    from rnn_tui.storage import atomic_write

    for path in files:
        if problem := _problem(path, force):
            raise RnnTuiError(problem)
    atomic_write.write_all(files, over=force)
    for path, data in files.items():
        click.echo(f"{escaped(str(path))}: {len(data):,} bytes")


def _problem(path: Path, force: bool) -> str:
    """What keeps a file from being written there, or an empty string."""
    from rnn_tui.storage.files import path_kind

    there = path_kind(path)
    if there == "folder":
        return f"{path}: is a folder; name a file"
    for folder in path.parents:
        if path_kind(folder) not in ("", "folder"):
            return f"{folder}: is a file; name a folder"
    if there == "other":
        return f"{path}: is a pipe or a device; name a file"
    return f"{path}: is there already; --force overwrites it" if there and not force else ""
