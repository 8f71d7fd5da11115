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

from rnn_tui.cli.options import chosen, data_options, resumed, words
from rnn_tui.errors import RnnTuiError, plain

if TYPE_CHECKING:
    from rnn_tui.checkpoints import Checkpoint
    from rnn_tui.session.frame import Frame
    from rnn_tui.session.session import Session

DONE, BROKEN_OFF = -1, -2  # how training ends where no lane diverges
ENDINGS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@click.command()
@click.argument("preset", type=words, required=False)
@click.option(
    "--steps",
    type=click.IntRange(0, 10**9),
    help="Updates to make; of a run that goes on, up to which step.  [default: the preset's steps]",
)
@click.option(
    "-o",
    "--output",
    type=words,
    metavar="FILE",
    help="Keep the run in this file (.safetensors), also where it breaks off.",
)
@click.option(
    "--resume", type=words, metavar="FILE", help="Go on with a run that was kept; --set then changes how it learns on."
)
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

    In the JSON object, loss_by_time has one number for every scored time step. Where a lane diverges, diverged names
    the lane (the first, if there are several) and the step, and the numbers are those of that step; else it is null. A
    number that is not finite is null.
    """
    from rnn_tui.session.plateau import parameters_of, unmoved, why_unmoved

    with _saying_unsaved(output):
        target = _target(output, may_overwrite=force or output == resume)
        session, name = _fresh(options) if resume is None else resumed(resume, options)
    goal, first = session.preset.training.steps if steps is None else steps, session.step
    if goal < first:
        raise RnnTuiError(f"the run is at step {first:,} already; give a later step: --steps M")
    if goal == first and (steps is None or resume is not None):
        at = f"the run is at step {first:,} already" if first else "the preset's training.steps are 0"
        _note(f"{at}, so no update is made; give {'a later step' if first else 'their number'}: --steps M")
    idle = _say_idle(session, goal)
    begin, before = time.perf_counter(), parameters_of(session)
    try:
        ending = _advance(session, goal - first)
    finally:
        kept = target is None or _keep(session, name, target)
    finite = _report(session, name, (session.step - first, time.perf_counter() - begin), ending, as_json, describe)
    if session.step > first and not idle and (still := unmoved(before, session)):
        _note(why_unmoved(session, still, first))
    if ending == BROKEN_OFF:
        click.echo(f"broken off at step {session.step:,}", err=True)
    sys.exit(130 if ending == BROKEN_OFF else 0 if finite and kept else 2)


def _report(session: "Session", name: str, made: tuple[int, float], ending: int, as_json: bool, in_words: bool) -> bool:
    """Print what has become of the lanes; False where one of them has diverged, which is said too.

    ``made``: updates, and in how many seconds.  ``ending``: as ``_advance`` returned it.
    """
    from rnn_tui.cli.report import as_document, as_text
    from rnn_tui.session.frame import Demand

    frame = session.frame(Demand.SCORE | Demand.TEXT | (Demand.PROBE if in_words else Demand.NOTHING))
    count, seconds = made
    broken = [lane for lane, shown in enumerate(frame.lanes) if not isfinite(shown.score.loss)]
    diverged = [ending] if ending >= 0 else broken[:1]
    document = as_document(plain(name), frame, seconds, *diverged)
    told = _words(frame) if in_words else []
    if as_json:
        click.echo(json.dumps(document | ({"description": told} if in_words else {}), allow_nan=False))
    else:
        click.echo("\n".join([as_text(document, frame, count), *told]))
    for note in frame.task.notes:
        _note(plain(note))
    if diverged:
        click.echo(f"Error: {plain(frame.notice)}", err=True)
    return not diverged


def _note(text: str) -> None:
    click.echo(f"note: {text}", err=True)


def _say_idle(session: "Session", goal: int) -> bool:
    """Say how many of the updates up to ``goal`` have no learning rate left, and the ways out; False where none has."""
    from rnn_tui.session.plateau import first_idle, schedule_end

    training = session.preset.training
    idle = first_idle(training, session.step, goal)
    if idle is not None:
        count = f"{goal - idle:,} of these {goal - session.step:,} updates change nothing"
        longer = f"--set training.schedule_steps={goal}, or a constant one: --set training.schedule=constant"
        _note(f"{schedule_end(training, idle)}, so {count}; for a longer schedule: {longer}")
    return idle is not None


def _fresh(options: dict[str, Any]) -> tuple["Session", str]:
    from rnn_tui.session.session import Session

    file = chosen(**options)
    return Session(file.preset), file.name


def _words(frame: "Frame") -> list[str]:
    """What the lab would say with its cursor on the first lane, at the probe's last time step."""
    from rnn_tui.session.description import Cursor, as_lines, describe

    return as_lines(describe(frame, Cursor(t=frame.length - 1)))


class _Target:
    """The file to keep a run in; it is replaced only as long as it is the one that was there at the start."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = self._stamp()

    def _stamp(self) -> tuple[int, ...] | None:
        try:
            there = self.path.stat()
        except OSError:
            return None
        return there.st_ino, there.st_mtime_ns, there.st_size

    def save(self, checkpoint: "Checkpoint") -> Path:
        """Write it there, or beside another run that has come meanwhile; where it is.  Raises RnnTuiError."""
        from rnn_tui.checkpoints.writer import save
        from rnn_tui.storage import atomic_write

        try:
            save(checkpoint, self.path, over=self._seen is not None and self._seen == self._stamp())
            return self.path
        except atomic_write.Occupied:
            beside = atomic_write.free(self.path)
            save(checkpoint, beside, over=False)
            return beside


def _target(output: str | None, may_overwrite: bool) -> _Target | None:
    """The file to keep the run in, looked at before anything is trained.  Raises RnnTuiError."""
    if output is None:
        return None
    from rnn_tui.checkpoints import SUFFIX
    from rnn_tui.checkpoints.reader import about
    from rnn_tui.storage import atomic_write
    from rnn_tui.storage.files import expanded, found

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
    atomic_write.check(path)
    return _Target(path)


def _keep(session: "Session", name: str, target: _Target) -> bool:
    """Keep the run, and say where; False where that went wrong, which must not cost the numbers too."""
    from rnn_tui.session.checkpointing import checkpoint_of

    session.approach(session.step)  # where all lanes are, should one have been interrupted
    try:
        with _saying_unsaved(target.path):
            path = target.save(checkpoint_of(session, name))
    except RnnTuiError as error:
        click.echo(f"Error: {error}", err=True)
        return False
    why = "" if path == target.path else "; another run has been saved at the name you gave meanwhile"
    click.echo(f"run saved as {plain(str(path))}{why}", err=True)
    return True


@contextmanager
def _saying_unsaved(path: object) -> Iterator[None]:
    """Say that nothing was saved there, where ctrl+c comes now."""
    try:
        yield
    except KeyboardInterrupt:
        if path is not None:
            click.echo(f"{plain(str(path))}: the run was not saved", err=True)
        raise


def _advance(session: "Session", count: int) -> int:
    """Train, with a progress bar where somebody may be looking.  Return DONE, BROKEN_OFF, or the lane that diverged."""
    from rnn_tui.checkpoints.pinned_run import MOST_PINS
    from rnn_tui.session.timeline import Diverged

    if count and len(session.bench.pins) < MOST_PINS:
        session.fork()  # a future that was cut off stays as a curve
    with _progress(count) as tick, _break_off() as asked:
        try:
            for _ in range(count):
                if asked():
                    return BROKEN_OFF
                session.forward()
                tick()
        except Diverged as diverged:
            return diverged.lane
    return DONE


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
