"""The progress of ``rnn-tui sweep``: at a terminal a bar and a table that fills, otherwise one line for each run."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from rnn_tui.cli.stop_signals import stop_signals
from rnn_tui.cli.sweep_report import ends_said, fitted, header, listed, run_said, table_rows
from rnn_tui.number_format import duration

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.progress import Progress

    from rnn_tui.experiments.jobs import Row
    from rnn_tui.experiments.sweep_plan import SweepPlan
    from rnn_tui.experiments.sweep_tally import SweepTally

FRAMES = 3  # per second
AROUND_TABLE = 6  # lines of the terminal that are not rows of the table
SILENT = 2.0  # seconds of checking, after which its progress is shown


@contextmanager
def checking() -> Iterator["CheckProgress"]:
    """Yield what shows the progress of checking points; ctrl+c ends the check between two of them.

    At any other place, pydantic could turn a KeyboardInterrupt into an error of its own.
    """
    with stop_signals() as asked:
        progress = CheckProgress(asked)
        try:
            yield progress
        finally:
            progress.end()


class CheckProgress:
    """The progress of checking the points of a sweep: at a terminal a bar, otherwise one line; nothing if it is short.

    ``asked``: returns whether to stop.
    """

    def __init__(self, asked: Callable[[], bool]) -> None:
        self._asked, self._begin, self._told = asked, time.perf_counter(), False
        self._bar: Progress | None = None

    def end(self) -> None:
        """Remove the bar."""
        if self._bar:
            self._bar.stop()

    def __call__(self, done: int, count: int) -> None:
        """Show that ``done`` points of ``count`` are checked.  Raises KeyboardInterrupt if it is asked to stop."""
        if self._asked():
            raise KeyboardInterrupt
        if self._bar:
            self._bar.update(self._bar.task_ids[0], completed=done)
        elif not self._told and (spent := time.perf_counter() - self._begin) > SILENT and done:
            self._told = True
            if sys.stderr.isatty():
                self._show(done, count)
            else:
                left = duration(spent / done * (count - done))
                click.echo(f"checking {count:,} points, about {left} left; ctrl+c cancels", err=True)

    def _show(self, done: int, count: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._bar = Progress(
            TextColumn("checking"), BarColumn(), MofNCompleteColumn(), TextColumn("points"), TimeRemainingColumn(),
            TextColumn("left, ctrl+c cancels"), console=Console(stderr=True), refresh_per_second=FRAMES, transient=True,
        )  # fmt: skip
        self._bar.add_task("check", total=count, completed=done)
        self._bar.start()


@contextmanager
def shown(plan: "SweepPlan", tally: "SweepTally", as_json: bool) -> Iterator[Callable[["Row"], None]]:
    """Show the progress of a sweep; yield a function to call with each result, after it was added to the tally."""
    if as_json:
        yield lambda row: click.echo(json.dumps(row, allow_nan=False))
    elif sys.stdout.isatty() and sys.stderr.isatty():
        with _live(plan, tally) as update:
            yield update
    else:
        width = len(f"{tally.run_count:,}")
        yield lambda row: click.echo(f"{tally.done:>{width},} of {tally.run_count:,}  {run_said(row, plan.keys)}")


@contextmanager
def _live(plan: "SweepPlan", tally: "SweepTally") -> Iterator[Callable[["Row"], None]]:
    """Show a progress bar with the time left, above it the table so far; both disappear at the end."""
    from rich.console import Console, Group
    from rich.live import Live
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.table import Table

    console = Console(stderr=True)
    bar = Progress(
        BarColumn(), MofNCompleteColumn(), TextColumn("runs"), TimeElapsedColumn(), TextColumn("left"),
        TimeRemainingColumn(), TextColumn("{task.fields[faults]}"), console=console,
    )  # fmt: skip
    task = bar.add_task("sweep", total=tally.run_count, completed=tally.done, faults="")

    def picture() -> "RenderableType":
        room = max(1, console.height - AROUND_TABLE)
        points, said = listed(tally, max(1, room // max(1, tally.lane_count)))
        table = Table(box=None, pad_edge=False, title=said or None, title_justify="left", title_style="")
        names, *rows = fitted([header(plan), *table_rows(plan, tally, points)], console.width)
        for name in names:
            table.add_column(name, no_wrap=True, overflow="ellipsis")
        for row in rows:
            table.add_row(*row)
        return Group(table, bar, "")  # the terminal prints ^C there; in a full line it would begin a line more

    with Live(console=console, get_renderable=picture, refresh_per_second=FRAMES, transient=True):
        yield lambda _: bar.update(task, completed=tally.done, faults=ends_said(tally))
