"""``rnn-tui train``: training without the lab."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isfinite
from typing import TYPE_CHECKING, Any

import click

from rnn_tui.cli.options import chosen, data_options
from rnn_tui.errors import RnnTuiError, plain

if TYPE_CHECKING:
    from rnn_tui.session.session import Session


@click.command()
@click.argument("preset", required=False)
@click.option("--steps", type=click.IntRange(0, 10**9), help="Updates to make.  [default: the preset's steps]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@data_options
def train(steps: int | None, as_json: bool, **options: Any) -> None:
    """Train a PRESET (a name or a path) without the lab, and measure it on held-out sequences.

    In the JSON object, loss_by_time has one number for every scored time step.
    """
    from rnn_tui.report import as_document, as_text
    from rnn_tui.session.session import Session

    file = chosen(**options)
    session = Session(file.preset)
    count = file.preset.training.steps if steps is None else steps
    begin = time.perf_counter()
    _advance(session, count)
    frame = session.frame()
    document = as_document(plain(file.name), frame, time.perf_counter() - begin)
    if not all(isfinite(lane.score.loss) for lane in frame.lanes):
        raise RnnTuiError(frame.notice)
    click.echo(json.dumps(document, allow_nan=False) if as_json else as_text(document, frame))
    if frame.task.note:
        click.echo(f"note: {plain(frame.task.note)}", err=True)


def _advance(session: "Session", count: int) -> None:
    """Train, with a progress bar where somebody may be looking."""
    from rnn_tui.session.timeline import Diverged

    with _progress(count) as tick:
        try:
            for _ in range(count):
                session.forward()
                tick()
        except Diverged:
            raise RnnTuiError(session.notice) from None


@contextmanager
def _progress(count: int) -> Iterator[Callable[[], None]]:
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        yield lambda: None
        return
    with click.progressbar(length=count, label="training", file=sys.stderr) as bar:
        every, done = max(1, count // 200), 0

        def tick() -> None:
            nonlocal done
            done += 1
            if done % every == 0 or done == count:
                bar.update(done - bar.pos)

        yield tick
