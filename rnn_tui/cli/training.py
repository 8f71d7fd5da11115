"""``rnn-tui train``: training without the lab."""

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rnn_tui.cli.options import chosen, data_options, resumed
from rnn_tui.errors import RnnTuiError, plain

if TYPE_CHECKING:
    from rnn_tui.session.frame import Frame
    from rnn_tui.session.session import Session

ENDINGS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@click.command()
@click.argument("preset", required=False)
@click.option(
    "--steps",
    type=click.IntRange(0, 10**9),
    help="Updates to make; of a run that goes on, up to which step.  [default: the preset's steps]",
)
@click.option(
    "-o", "--output", metavar="FILE", help="Keep the run in this file (.safetensors), also where it breaks off."
)
@click.option("--resume", metavar="FILE", help="Go on with a run that was kept; --set then changes how it learns on.")
@click.option("--force", is_flag=True, help="Let -o overwrite another run.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@click.option("--describe", is_flag=True, help="Say in words what curves and hidden states show at the end.")
@data_options
def train(
    steps: int | None,
    output: str | None,
    resume: str | None,
    force: bool,
    as_json: bool,
    describe: bool,
    **options: Any,
) -> None:
    """Train a PRESET (a name or a path) without the lab, and measure it on held-out sequences.

    In the JSON object, loss_by_time has one number for every scored time step.
    """
    target = _target(output, may_overwrite=force or output == resume)
    session, name = resumed(resume, options) if resume else _fresh(options)
    goal, first = session.preset.training.steps if steps is None else steps, session.step
    if goal < first:
        raise RnnTuiError(f"the run is at step {first:,} already; say up to which later one: --steps M")
    begin = time.perf_counter()
    try:
        done = _advance(session, goal - first)
    finally:
        kept = target is None or _keep(session, name, target)
    _report(session, name, (session.step - first, time.perf_counter() - begin), as_json, describe)
    if not done:
        click.echo(f"broken off at step {session.step:,}", err=True)
    sys.exit(0 if done and kept else 2 if done else 130)


def _report(session: "Session", name: str, made: tuple[int, float], as_json: bool, in_words: bool) -> None:
    """Print what has become of the lanes; ``made``: updates, and in how many seconds."""
    from rnn_tui.report import as_document, as_text

    frame = session.frame()
    count, seconds = made
    document = as_document(plain(name), frame, seconds)
    if not all(isfinite(lane.score.loss) for lane in frame.lanes):
        raise RnnTuiError(frame.notice)
    words = _words(frame) if in_words else []
    if as_json:
        click.echo(json.dumps(document | ({"description": words} if in_words else {}), allow_nan=False))
    else:
        click.echo("\n".join([as_text(document, frame, count), *words]))
    for note in frame.task.notes:
        click.echo(f"note: {plain(note)}", err=True)


def _fresh(options: dict[str, Any]) -> tuple["Session", str]:
    from rnn_tui.session.session import Session

    file = chosen(**options)
    return Session(file.preset), file.name


def _words(frame: "Frame") -> list[str]:
    """What the lab would say with its cursor on the first lane, at the probe's last time step."""
    from rnn_tui.describing import Cursor, as_lines, describe

    return as_lines(describe(frame, Cursor(t=frame.length - 1)))


def _target(output: str | None, may_overwrite: bool) -> Path | None:
    """The file to keep the run in, looked at before anything is trained.  Raises RnnTuiError."""
    if output is None:
        return None
    from rnn_tui import atomic
    from rnn_tui.checkpoints import SUFFIX
    from rnn_tui.checkpoints.reader import about
    from rnn_tui.tasks.files import expanded, found

    path = expanded(output)
    if path.suffix != SUFFIX:
        raise RnnTuiError(f"{output}: the file of a run ends in {SUFFIX}")
    if found(path):
        try:
            about(path)
        except RnnTuiError:
            raise RnnTuiError(f"{output}: there already, and no run; it stays as it is") from None
        if not may_overwrite:
            raise RnnTuiError(f"{output}: there already; --force overwrites it, --resume {output} goes on with it")
    atomic.check(path)
    return path


def _keep(session: "Session", name: str, path: Path) -> bool:
    """Keep the run, and say where; False where that went wrong, which must not cost the numbers too."""
    from rnn_tui.checkpoints.writer import save
    from rnn_tui.session.storing import checkpoint_of

    session.approach(session.step)  # where all lanes are, should one have been interrupted
    try:
        save(checkpoint_of(session, name), path)
    except RnnTuiError as error:
        click.echo(f"Error: {error}", err=True)
        return False
    click.echo(f"run saved as {plain(str(path))}", err=True)
    return True


def _advance(session: "Session", count: int) -> bool:
    """Train, with a progress bar where somebody may be looking; False where it was broken off."""
    from rnn_tui.pins import MOST_PINS
    from rnn_tui.session.timeline import Diverged

    if count and len(session.bench.pins) < MOST_PINS:
        session.fork()  # a future that was cut off stays as a curve
    with _progress(count) as tick, _break_off() as asked:
        try:
            for _ in range(count):
                if asked():
                    return False
                session.forward()
                tick()
        except Diverged:
            raise RnnTuiError(session.notice) from None
    return True


@contextmanager
def _break_off() -> Iterator[Callable[[], bool]]:
    """Whether ctrl+c has been pressed, or the program asked to end otherwise; a second time it ends at once."""
    before, asked = {number: signal.getsignal(number) for number in ENDINGS}, False

    def ask(number: int, _: object) -> None:
        nonlocal asked
        asked = True
        signal.signal(number, before[number])

    for number in ENDINGS:
        signal.signal(number, ask)
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


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
