"""Check files by name, and show what is wrong with each of them."""

import sys
from collections.abc import Callable, Iterable

import click

from rnn_tui.errors import RnnTuiError, escaped


def check_each(names: Iterable[str], check: Callable[[str], object], said: str = "no problems") -> None:
    """Check all files, and print of each that it is good, or its problems; exit with 2 if there are any.

    Args:
        check: raises RnnTuiError with the problems of a file.
        said: of a good one.
    """
    problems = []
    for name in names:
        try:
            check(name)
        except RnnTuiError as error:
            problems.append(str(error))
        else:
            click.echo(f"{escaped(name)}: {said}")
    if problems:
        click.echo("\n".join(problems), err=True)
        sys.exit(2)
