"""``rnn-tui train``: train without the lab."""

import json
import sys
import time
from math import isfinite
from typing import TYPE_CHECKING, Any

import click

from rnn_tui.cli.options import WholeNumber, chosen, data_options, resumed, words
from rnn_tui.cli.progress import progress
from rnn_tui.cli.run_output import RunOutput, saying_unsaved
from rnn_tui.cli.stop_signals import stop_signals
from rnn_tui.cli.streams import INTERRUPTED
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
    type=WholeNumber(0, 10**9),
    help="Number of updates; for a resumed run, the step to train to.  [default: the preset's steps]",
)
@click.option(
    "-o",
    "--output",
    type=words,
    metavar="FILE",
    help="Save the run in this file (.safetensors), also if training stops early.",
)
@click.option("--resume", type=words, metavar="FILE", help="Continue a saved run; --set changes how it continues.")
@click.option("--force", is_flag=True, help="Let -o overwrite another run.")
@click.option("--json", "as_json", is_flag=True, help="Print only one JSON object.")
@click.option("--describe", is_flag=True, help="Describe the curves and hidden states at the end in words.")
@click.option("--diagnose", is_flag=True, help="Say what is wrong with each lane or limits it, and what may help.")
@data_options
def train(
    steps: int | None,
    output: str | None,
    resume: str | None,
    force: bool,
    as_json: bool,
    describe: bool,
    diagnose: bool,
    **options: Any,
) -> None:
    """Train a PRESET (a name or a path) without the lab, and measure it on held-out sequences.

    In the JSON object, loss_by_time has one number for every scored time step. If a lane diverges, diverged names the
    lane (the first, if there are several) and the step, and all numbers are those of that step; otherwise diverged is
    null. A number that is not finite is null.
    """
    from rnn_tui.experiments.blas_threads import limit_blas_threads
    from rnn_tui.experiments.train import Progress
    from rnn_tui.session.plateau import parameters_of, unmoved, why_unmoved
    from rnn_tui.session.session import Session

    limit_blas_threads()
    with saying_unsaved(output):
        target = None if output is None else RunOutput.checked(output, may_overwrite=force or output == resume)
        history = target is not None or describe or diagnose
        run, name = _fresh(options, history) if resume is None else resumed(resume, options)
    goal, first = run.preset.training.steps if steps is None else steps, run.step
    if goal < first:
        raise RnnTuiError(f"the run is already at step {first:,}; give a later step: --steps M")
    if goal == first and (steps is None or resume is not None):
        at = f"the run is already at step {first:,}" if first else "training.steps of the preset is 0"
        _note(f"{at}, so there is nothing to train; give {'a later step' if first else 'a number'}: --steps M")
    idle = _say_idle(run.preset.training, first, goal)
    begin, before = time.perf_counter(), parameters_of(run)
    kept = True
    try:
        ending = advance(run, goal)
    finally:
        if target is not None:
            assert isinstance(run, Session)
            kept = target.save(run, name)
    interrupted = isinstance(ending, Progress) and run.step < goal
    finite = _report(run, name, (run.step - first, time.perf_counter() - begin), ending, as_json, describe, diagnose)
    if run.step > first and not idle and (still := unmoved(before, run)):
        _note(why_unmoved(run, still, first))
    if interrupted:
        click.echo(f"stopped at step {run.step:,}", err=True)
    sys.exit(INTERRUPTED if interrupted else 0 if finite and kept else 2)


def _fresh(options: dict[str, Any], history: bool) -> tuple["Session | TrainingRun", str]:
    """Return a run at step 0, and the name of its preset; a Session if its ``history`` is needed."""
    from rnn_tui.experiments.training_run import TrainingRun
    from rnn_tui.session.session import Session

    file = chosen(**options)
    return Session(file.preset) if history else TrainingRun.from_preset(file.preset, curves=True), file.name


def _say_idle(training: "TrainingSettings", first: int, goal: int) -> bool:
    """Print how many updates up to ``goal`` have learning rate 0, and how to avoid it; return whether there are any."""
    from rnn_tui.session.plateau import first_idle, schedule_end

    idle = first_idle(training, first, goal)
    if idle is not None:
        count = f"{goal - idle:,} of these {goal - first:,} updates change nothing"
        longer = f"--set training.schedule_steps={goal}; for a constant rate: --set training.schedule=constant"
        _note(f"{schedule_end(training, idle)}, so {count}; for a longer schedule: {longer}")
    return idle is not None


def advance(run: "Session | TrainingRun", goal: int) -> "Event":
    """Train up to the goal, with a progress bar at a terminal; return the last event."""
    from rnn_tui.checkpoints.pinned_run import MOST_PINNED_RUNS
    from rnn_tui.experiments.train import train as events
    from rnn_tui.session.session import Session

    if isinstance(run, Session) and goal > run.step and len(run.histories.pinned_runs) < MOST_PINNED_RUNS:
        run.fork()  # the steps after the change are kept as a curve
    with progress(run.step, goal) as tick, stop_signals() as asked:
        for event in events(run, goal):
            tick(event.step)
            if asked():
                break
    return event


def _report(
    run: "Session | TrainingRun",
    name: str,
    made: tuple[int, float],
    ending: "Event",
    as_json: bool,
    in_words: bool,
    diagnosed: bool,
) -> bool:
    """Print the results; return False if a lane has diverged, and print which.

    ``made``: number of updates, and seconds that they took.
    """
    from rnn_tui.cli.report import as_document, as_text, finding_document
    from rnn_tui.experiments.train import Diverged
    from rnn_tui.session.divergence import divergence
    from rnn_tui.session.findings import findings
    from rnn_tui.session.findings.sentences import lines
    from rnn_tui.session.generation import written
    from rnn_tui.session.lane_record import lane_records

    found = run.evaluate()
    count, seconds = made
    broken = [i for i, lane in enumerate(found.lanes) if not isfinite(lane.score.loss)]
    diverged = [ending.lane] if isinstance(ending, Diverged) else broken[:1]
    texts = [written(run.experiment, lane, timeline) for lane, timeline in enumerate(run.timelines)]
    document = as_document(escaped(name), found, texts, seconds, *diverged)
    told = _words(run) if in_words else []
    limits = findings(lane_records(run, *diverged)) if diagnosed else []
    if as_json:
        document |= {"description": told} if in_words else {}
        document |= {"findings": [finding_document(each, found) for each in limits]} if diagnosed else {}
        click.echo(json.dumps(document, allow_nan=False))
    else:
        diagnosis = lines(limits, [lane.label for lane in found.lanes]) if diagnosed else []
        click.echo("\n".join([as_text(document, found, count), *told, *diagnosis]))
    for note in found.task.notes:
        _note(escaped(note))
    for lane in diverged:
        click.echo(f"Error: {escaped(divergence(found.preset, found.step, found.lanes[lane].name))}", err=True)
    return not diverged


def _words(run: "Session | TrainingRun") -> list[str]:
    """Return the description of the lab with the cursor on the first lane, at the last time step of the probe."""
    from rnn_tui.session.description import Cursor, Paragraph, as_lines, describe
    from rnn_tui.session.diagnosis import diagnose
    from rnn_tui.session.diagnosis_sentences import sentences
    from rnn_tui.session.findings.report import report
    from rnn_tui.session.lane_record import lane_records
    from rnn_tui.session.session import Session
    from rnn_tui.ui.panels.comparison_summary import verdict

    assert isinstance(run, Session)  # the description needs the history
    frame = run.frame()
    remembered = [
        Paragraph(f"Memory of {lane.label}", [*sentences(diagnose(lane.net)).values()]) for lane in frame.lanes
    ]
    cursor, summary = Cursor(t=frame.length - 1), verdict(frame) if frame.step else ""
    limits = report(lane_records(run, run.diverged)).paragraph
    return as_lines(describe(frame, cursor, remembered, summary, limits=limits))


def _note(text: str) -> None:
    click.echo(f"note: {text}", err=True)
