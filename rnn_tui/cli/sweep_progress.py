"""The progress of ``rnn-tui sweep``: at a terminal a bar and a table that fills, otherwise one line for each run."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from rnn_tui.cli.sweep_report import ends_said, fitted, header, listed, run_said, table_rows

if TYPE_CHECKING:
    from rich.console import RenderableType

    from rnn_tui.experiments.jobs import Row
    from rnn_tui.experiments.sweep_plan import SweepPlan
    from rnn_tui.experiments.sweep_tally import SweepTally

FRAMES = 3  # per second
AROUND_TABLE = 6  # lines of the terminal that are not rows of the table


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
