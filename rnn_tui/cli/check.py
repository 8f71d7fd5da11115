"""``rnn-tui check``: whether preset files are in order."""

import sys

import click

from rnn_tui.cli.options import words
from rnn_tui.errors import RnnTuiError, escaped


@click.command()
@click.argument("files", nargs=-1, required=True, type=words, metavar="FILE...")
def check(files: tuple[str, ...]) -> None:
    """Check preset files; every problem of every file is shown at once."""
    from rnn_tui.presets import store

    problems = []
    for name in files:
        try:
            store.load(store.find(name))
        except RnnTuiError as error:
            problems.append(str(error))
        else:
            click.echo(f"{escaped(name)}: in order")
    if problems:
        click.echo("\n".join(problems), err=True)
        sys.exit(2)
