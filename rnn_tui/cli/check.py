"""``rnn-tui check``: check preset files."""

import sys

import click

from rnn_tui.cli.options import words
from rnn_tui.errors import RnnTuiError, escaped


@click.command()
@click.argument("files", nargs=-1, required=True, type=words, metavar="FILE...")
def check(files: tuple[str, ...]) -> None:
    """Check preset files, and show every problem of every file."""
    from rnn_tui.presets import store

    problems = []
    for name in files:
        try:
            store.load(store.find(name))
        except RnnTuiError as error:
            problems.append(str(error))
        else:
            click.echo(f"{escaped(name)}: no problems")
    if problems:
        click.echo("\n".join(problems), err=True)
        sys.exit(2)
