"""``rnn-tui check``: check preset files."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rnn_tui.cli.file_checks import check_each
from rnn_tui.cli.options import words
from rnn_tui.errors import FileError, PresetError

if TYPE_CHECKING:
    from rnn_tui.presets.store import PresetFile


@click.command()
@click.argument("files", nargs=-1, required=True, type=words, metavar="FILE...")
def check(files: tuple[str, ...]) -> None:
    """Check preset files, and show every problem of every file; a [sweep] table is checked at every point."""
    check_each(files, _check)


def _check(name: str) -> None:
    """Raise PresetError with the problems of a preset."""
    from rnn_tui.presets import store

    path = store.find(name)
    table: dict[str, Any] | None = None
    try:
        file = store.load(path)
        table = None if file.preset.sweep is None else {}
    except PresetError as error:
        file, table = _apart(path, error)
    if table is not None:
        from rnn_tui.cli.sweep_progress import checking
        from rnn_tui.experiments.sweep_plan import planned

        try:
            with checking() as watch:
                planned(file, table, watch)
        except PresetError as error:
            raise PresetError(str(file.path), [f"sweep: {problem}" for problem in error.problems]) from None


def _apart(path: Path, error: PresetError) -> "tuple[PresetFile, dict[str, Any]]":
    """Return a preset without its ``[sweep]`` table, and this table, if nothing else has a problem.

    So the problems of its points are found together with its own.  Raises ``error`` if that is not so.
    """
    from rnn_tui.presets import store
    from rnn_tui.presets.preset import parse
    from rnn_tui.presets.validation_messages import unfit

    try:
        text, document = store.read_toml(path)
        table = document.pop("sweep", None)
        if not isinstance(table, dict) or unfit(table):
            raise error
        return store.PresetFile(path.stem, parse(document, str(path), path.parent), path, text), table
    except FileError:
        raise error from None
