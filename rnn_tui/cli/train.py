"""``rnn-tui train``: training without the lab."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isfinite
from typing import TYPE_CHECKING, Any

import click

from rnn_tui.cli.options import chosen, data_options, resumed, words
from rnn_tui.cli.run_output import RunOutput, saying_unsaved
from rnn_tui.cli.stop_signals import stop_signals
from rnn_tui.cli.streams import BROKEN_OFF
from rnn_tui.errors import RnnTuiError, escaped

if TYPE_CHECKING:
    from rnn_tui.experiments.train import Event
    from rnn_tui.experiments.training_run import TrainingRun
    from rnn_tui.presets.training_settings import TrainingSettings
    from rnn_tui.session.session import Session


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
    from rnn_tui.experiments.blas_threads import limit_blas_threads
    from rnn_tui.experiments.train import Progress
    from rnn_tui.session.plateau import parameters_of, unmoved, why_unmoved
    from rnn_tui.session.session import Session

    limit_blas_threads()
    with saying_unsaved(output):
        target = None if output is None else RunOutput.checked(output, may_overwrite=force or output == resume)
        history = target is not None or describe
        run, name = _fresh(options, history) if resume is None else resumed(resume, options)
    goal, first = run.preset.training.steps if steps is None else steps, run.step
    if goal < first:
        raise RnnTuiError(f"the run is at step {first:,} already; give a later step: --steps M")
    if goal == first and (steps is None or resume is not None):
        at = f"the run is at step {first:,} already" if first else "the preset's training.steps are 0"
        _note(f"{at}, so no update is made; give {'a later step' if first else 'their number'}: --steps M")
    idle = _say_idle(run.preset.training, first, goal)
    begin, before = time.perf_counter(), parameters_of(run)
    kept = True
    try:
        ending = _advance(run, goal)
    finally:
        if target is not None:
            assert isinstance(run, Session)
            kept = target.save(run, name)
    broken_off = isinstance(ending, Progress) and run.step < goal
    finite = _report(run, name, (run.step - first, time.perf_counter() - begin), ending, as_json, describe)
    if run.step > first and not idle and (still := unmoved(before, run)):
        _note(why_unmoved(run, still, first))
    if broken_off:
        click.echo(f"broken off at step {run.step:,}", err=True)
    sys.exit(BROKEN_OFF if broken_off else 0 if finite and kept else 2)


def _fresh(options: dict[str, Any], history: bool) -> tuple["Session | TrainingRun", str]:
    """A run at step 0, and its preset's name; a session where somebody needs its ``history``."""
    from rnn_tui.experiments.training_run import TrainingRun
    from rnn_tui.session.session import Session

    file = chosen(**options)
    return Session(file.preset) if history else TrainingRun.from_preset(file.preset, curves=True), file.name


def _say_idle(training: "TrainingSettings", first: int, goal: int) -> bool:
    """Say how many of the updates up to ``goal`` have no learning rate left, and the ways out; False where none has."""
    from rnn_tui.session.plateau import first_idle, schedule_end

    idle = first_idle(training, first, goal)
    if idle is not None:
        count = f"{goal - idle:,} of these {goal - first:,} updates change nothing"
        longer = f"--set training.schedule_steps={goal}, or a constant one: --set training.schedule=constant"
        _note(f"{schedule_end(training, idle)}, so {count}; for a longer schedule: {longer}")
    return idle is not None


def _advance(run: "Session | TrainingRun", goal: int) -> "Event":
    """Train up to the goal, with a progress bar where somebody may be looking.  Return the last event."""
    from rnn_tui.checkpoints.pinned_run import MOST_PINNED_RUNS
    from rnn_tui.experiments.train import train as events
    from rnn_tui.session.session import Session

    if isinstance(run, Session) and goal > run.step and len(run.histories.pinned_runs) < MOST_PINNED_RUNS:
        run.fork()  # a future that was cut off stays as a curve
    with _progress(run.step, goal) as tick, stop_signals() as asked:
        for event in events(run, goal):
            tick(event.step)
            if asked():
                break
    return event


@contextmanager
def _progress(first: int, goal: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar at a terminal; yields a function that is told each step that is reached."""
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        yield lambda _: None
        return
    count = goal - first
    with click.progressbar(length=count, label="training", file=sys.stderr) as bar:
        every = max(1, count // 200)

        def tick(step: int) -> None:
            done = step - first
            if done % every == 0 or done == count:
                bar.update(done - bar.pos)

        yield tick


def _report(
    run: "Session | TrainingRun", name: str, made: tuple[int, float], ending: "Event", as_json: bool, in_words: bool
) -> bool:
    """Print what has become of the lanes; False where one of them has diverged, which is said too.

    ``made``: updates, and in how many seconds.
    """
    from rnn_tui.cli.report import as_document, as_text
    from rnn_tui.experiments.train import Diverged
    from rnn_tui.session.divergence import divergence
    from rnn_tui.session.generation import written

    found = run.evaluate()
    count, seconds = made
    broken = [i for i, lane in enumerate(found.lanes) if not isfinite(lane.score.loss)]
    diverged = [ending.lane] if isinstance(ending, Diverged) else broken[:1]
    texts = [written(run.experiment, lane, timeline) for lane, timeline in enumerate(run.timelines)]
    document = as_document(escaped(name), found, texts, seconds, *diverged)
    told = _words(run) if in_words else []
    if as_json:
        click.echo(json.dumps(document | ({"description": told} if in_words else {}), allow_nan=False))
    else:
        click.echo("\n".join([as_text(document, found, count), *told]))
    for note in found.task.notes:
        _note(escaped(note))
    for lane in diverged:
        click.echo(f"Error: {escaped(divergence(found.preset, found.step, found.lanes[lane].name))}", err=True)
    return not diverged


def _words(run: "Session | TrainingRun") -> list[str]:
    """What the lab would say with its cursor on the first lane, at the probe's last time step."""
    from rnn_tui.session.description import Cursor, as_lines, describe
    from rnn_tui.session.session import Session

    assert isinstance(run, Session)  # whose history the words are about
    frame = run.frame()
    return as_lines(describe(frame, Cursor(t=frame.length - 1)))


def _note(text: str) -> None:
    click.echo(f"note: {text}", err=True)
