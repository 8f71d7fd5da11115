"""``rnn-tui diagnose``: what the nets of a run remember, and why."""

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from rnn_tui.cli.options import WholeNumber, chosen, data_options, opened_run, words
from rnn_tui.cli.progress import progress
from rnn_tui.cli.stop_signals import stop_signals
from rnn_tui.cli.streams import INTERRUPTED
from rnn_tui.errors import RnnTuiError, escaped

if TYPE_CHECKING:
    from rnn_tui.experiments.training_run import TrainingRun
    from rnn_tui.session.session import Session


@click.command()
@click.argument("source", metavar="RUN|PRESET", type=words, required=False)
@click.option(
    "--steps",
    type=WholeNumber(0, 10**9),
    help="Number of updates to train a preset for, or the step of a saved run.  [default: the preset's steps; the "
    "step at which the run was saved]",
)
@click.option("--json", "as_json", is_flag=True, help="Print only one JSON object.")
@data_options
def diagnose(source: str | None, steps: int | None, as_json: bool, **options: Any) -> None:
    """Tell what the nets of a saved RUN (.safetensors) remember, how far back they learn, and why.

    With a PRESET (a name or a path), it is trained first. In the JSON object, a figure that has no value is null, and
    "undefined" of the lane says why.
    """
    from rnn_tui.cli.diagnosis_report import as_document, as_text
    from rnn_tui.experiments.blas_threads import limit_blas_threads
    from rnn_tui.session.diagnosis import diagnose as diagnosis_of
    from rnn_tui.session.diagnosis import trained_net

    limit_blas_threads()
    run: Session | TrainingRun
    diverged, complete = None, True
    if source is not None and _is_run(source):
        run, name = _saved(source, steps, options)
    else:
        run, name, diverged, complete = _trained(source, steps, options)
    if not complete:
        click.echo(f"stopped at step {run.step:,}", err=True)
        sys.exit(INTERRUPTED)
    found = [diagnosis_of(trained_net(run.experiment, lane, line)) for lane, line in enumerate(run.timelines)]
    document = as_document(escaped(name), run.preset, run.step, found, diverged)
    click.echo(json.dumps(document, allow_nan=False) if as_json else as_text(document, found))
    if diverged is not None:
        from rnn_tui.session.divergence import divergence

        click.echo(f"Error: {escaped(divergence(run.preset, run.step, run.preset.names[diverged]))}", err=True)
        sys.exit(2)


def _is_run(source: str) -> bool:
    from rnn_tui.checkpoints import SUFFIX

    return source.endswith(SUFFIX)


def _saved(path: str, step: int | None, options: dict[str, Any]) -> tuple["Session", str]:
    """Return a saved run, at a step of its history, and the name of its preset."""
    changes, horizon = options.pop("changes"), options.pop("horizon")
    if changes or horizon != 1 or any(value not in (None, ()) for value in options.values()):
        raise click.UsageError("a saved run is diagnosed as it is; it allows only --steps and --json")
    session, name = opened_run(path)
    if step is not None:
        if step > session.last_step:
            last = f"ends at step {session.last_step:,}"
            raise RnnTuiError(f"{escaped(path)} {last}; to train it further: rnn-tui train --resume {escaped(path)}")
        session.seek(step)
    return session, name


def _trained(
    name: str | None, steps: int | None, options: dict[str, Any]
) -> tuple["TrainingRun", str, int | None, bool]:
    """Return a preset after its training, its name, the lane that diverged, and whether the training is complete."""
    from rnn_tui.experiments.train import Diverged
    from rnn_tui.experiments.train import train as events
    from rnn_tui.experiments.training_run import TrainingRun

    if name is None and options["csv_file"] is None and options["text_file"] is None:
        raise click.UsageError("give a saved run, a preset, --csv FILE or --text FILE")
    file = chosen(preset=name, **options)
    run = TrainingRun.from_preset(file.preset)
    goal = run.preset.training.steps if steps is None else steps
    with progress(0, goal) as tick, stop_signals() as asked:
        for event in events(run, goal):
            tick(event.step)
            if isinstance(event, Diverged):
                return run, file.name, event.lane, True
            if asked():
                break
    return run, file.name, None, run.step == goal
