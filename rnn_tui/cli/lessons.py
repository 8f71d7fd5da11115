"""``rnn-tui lessons``: list lessons, open one in the lab, check lesson files, and write handouts."""

import sys
from typing import TYPE_CHECKING

import click

from rnn_tui.cli.options import words
from rnn_tui.errors import RnnTuiError, escaped

if TYPE_CHECKING:
    from rnn_tui.ui.lessons.lesson_store import LessonEntry


@click.group(invoke_without_command=True)
@click.pass_context
def lessons(ctx: click.Context) -> None:
    """List the lessons, in which the lab waits for what you do; a check mark is before those that are done."""
    if ctx.invoked_subcommand is not None:
        return
    from rnn_tui.ui.lessons import lesson_store

    entries = lesson_store.entries()
    width = max((len(each.name) for each in entries), default=0)
    own = False
    for each in entries:
        if each.number is None and not own:
            own = True
            click.echo(f"your own lessons, in {escaped(str(lesson_store.own_folder()))}:")
        click.echo(_line(each, width))
    click.echo("\nopen one with: rnn-tui lessons open NAME")


def _line(entry: "LessonEntry", width: int) -> str:
    number = f"{entry.number:>3}" if entry.number else "   "
    if entry.lesson is None:
        return f"  {number}  {entry.name:<{width}}  has problems: rnn-tui lessons check {entry.name}"
    lesson = entry.lesson
    return (
        f"  {number}  {entry.name:<{width}}  {lesson.title} ({lesson.minutes} minutes)\n{'':{width + 9}}{lesson.about}"
    )


@lessons.command()
@click.argument("files", nargs=-1, required=True, type=words, metavar="FILE|NAME...")
def check(files: tuple[str, ...]) -> None:
    """Check lesson files, and show every problem of every file."""
    from rnn_tui.ui.lessons import lesson_store
    from rnn_tui.ui.lessons.lesson import load

    problems = []
    for name in files:
        try:
            load(lesson_store.find(name))
        except RnnTuiError as error:
            problems.append(str(error))
        else:
            click.echo(f"{escaped(name)}: no problems")
    if problems:
        click.echo("\n".join(problems), err=True)
        sys.exit(2)
