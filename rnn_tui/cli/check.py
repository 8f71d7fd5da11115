"""``rnn-tui check``: check preset files."""

import sys

import click

from rnn_tui.cli.options import words
from rnn_tui.errors import PresetError, RnnTuiError, escaped


@click.command()
@click.argument("files", nargs=-1, required=True, type=words, metavar="FILE...")
def check(files: tuple[str, ...]) -> None:
    """Check preset files, and show every problem of every file; a [sweep] table is checked at every point."""
    problems = []
    for name in files:
        try:
            _check(name)
        except RnnTuiError as error:
            problems.append(str(error))
        else:
            click.echo(f"{escaped(name)}: no problems")
    if problems:
        click.echo("\n".join(problems), err=True)
        sys.exit(2)


def _check(name: str) -> None:
    """Raise PresetError with the problems of a preset."""
    from rnn_tui.presets import store

    file = store.load(store.find(name))
    if file.preset.sweep is not None:
        from rnn_tui.experiments.sweep_plan import planned

        try:
            planned(file, {})
        except PresetError as error:
            raise PresetError(str(file.path), [f"sweep: {problem}" for problem in error.problems]) from None
