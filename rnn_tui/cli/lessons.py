"""``rnn-tui lessons``: list lessons, open one in the lab, check lesson files, and write handouts."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rnn_tui.cli.file_checks import check_each
from rnn_tui.cli.launch import at_a_terminal
from rnn_tui.cli.options import words
from rnn_tui.cli.output_files import check_files, force, write_files
from rnn_tui.errors import RnnTuiError, escaped

if TYPE_CHECKING:
    from rnn_tui.ui.lessons.lesson_store import LessonEntry
    from rnn_tui.ui.lessons.progress_file import Progress


@click.group(invoke_without_command=True)
@click.pass_context
def lessons(ctx: click.Context) -> None:
    """List the lessons, in which the lab waits for what you do; ✓ marks those that are done."""
    if ctx.invoked_subcommand is not None:
        return
    from rnn_tui.ui.lessons import lesson_store, progress_file

    entries = lesson_store.entries()
    try:
        progress = progress_file.read()
    except RnnTuiError as error:
        click.echo(f"{error}\n", err=True)
        progress = progress_file.Progress()
    width = max((len(each.name) for each in entries), default=0)
    for number, each in enumerate(entries):
        if each.number is None and (number == 0 or entries[number - 1].number is not None):
            click.echo(f"your own lessons, in {escaped(str(lesson_store.own_folder()))}:")
        click.echo(_lines(each, progress, width))
    click.echo("\nopen one with: rnn-tui lessons open NAME")


def _lines(entry: "LessonEntry", progress: "Progress", width: int) -> str:
    """Return what a list says of a lesson."""
    mark = "✓" if entry.key in progress.done else " "
    head = f"{mark} {entry.number or '':>2}  {entry.name:<{width}}  "
    if entry.lesson is None:
        return f"{head}has problems: rnn-tui lessons check {entry.name}"
    page = progress.page_of(entry)
    where = "" if page is None else f", on page {page + 1} of {len(entry.lesson.pages)}"
    return f"{head}{entry.lesson.title} ({entry.lesson.minutes} minutes{where})\n{'':{len(head)}}{entry.lesson.about}"


def _entry(name: str) -> "LessonEntry":
    """Return a lesson, given by its name, its number, or its path.  Raises RnnTuiError if it has problems."""
    from rnn_tui.ui.lessons import lesson_store

    path = lesson_store.find(name)
    entry = lesson_store.entry(path.stem, path)
    entry.required()
    return entry


@lessons.command("open")
@click.argument("lesson", type=words, metavar="NAME|NUMBER|FILE")
@click.option("--ascii", "in_ascii", is_flag=True, help="Draw the lab in plain ASCII.")
def open_(lesson: str, in_ascii: bool) -> None:
    """Open the lab with a lesson, on the page where it was left."""
    from rnn_tui.experiments.blas_threads import limit_blas_threads

    limit_blas_threads()
    entry = _entry(lesson)
    if not at_a_terminal():
        raise RnnTuiError("a lesson needs a terminal; for a handout, use: rnn-tui lessons export NAME -o FILE.md")
    from rnn_tui.ui.app import open_lab

    sys.exit(open_lab(entry.required().file, in_ascii=in_ascii, lesson=entry))


@lessons.command()
@click.argument("files", nargs=-1, required=True, type=words, metavar="FILE|NAME...")
@click.option("--solve", is_flag=True, help="Also press the keys of each page's solution in a lab without a terminal.")
def check(files: tuple[str, ...], solve: bool) -> None:
    """Check lesson files, and show every problem of every file."""
    from rnn_tui.experiments.blas_threads import limit_blas_threads

    limit_blas_threads()
    if not solve:
        check_each(files, _entry)
        return
    from rnn_tui.ui.headless_lesson import solved

    check_each(files, lambda name: solved(_entry(name)), "no problems, and its solution leads to the end")


@lessons.command()
@click.argument("lesson", type=words, metavar="NAME|NUMBER|FILE")
@click.option("-o", "--output", type=words, required=True, metavar="FILE", help="The file to write: .md.")
@force
def export(lesson: str, output: str, force: bool) -> None:
    """Write a lesson as a handout: its pages and questions in Markdown, the answers at the end, and pictures as SVG."""
    from rnn_tui.experiments.blas_threads import limit_blas_threads
    from rnn_tui.storage.files import expanded
    from rnn_tui.ui.headless_lesson import solved
    from rnn_tui.ui.lessons.handout import handout

    limit_blas_threads()
    path = expanded(output)
    if path.suffix.lower() != ".md":
        raise RnnTuiError(f"{output}: the name must end in .md")
    check_files([path], force)
    entry = _entry(lesson)
    texts = handout(entry.required(), solved(entry, with_pictures=True), path.stem)
    write_files({_beside(path, name): text.encode() for name, text in texts.items()}, force)


def _beside(path: Path, name: str) -> Path:
    return path if name == f"{path.stem}.md" else path.with_name(name)
