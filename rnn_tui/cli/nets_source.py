"""The nets of a saved run, or of a preset that is trained first: what ``diagnose`` and ``probe`` read."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Union

import click

from rnn_tui.cli.options import chosen, opened_run
from rnn_tui.cli.progress import progress
from rnn_tui.cli.stop_signals import stop_signals
from rnn_tui.cli.streams import INTERRUPTED
from rnn_tui.errors import RnnTuiError, escaped

if TYPE_CHECKING:
    from rnn_tui.experiments.training_run import TrainingRun
    from rnn_tui.session.session import Session


@dataclass(frozen=True)
class NetsSource:
    """Nets at a step.

    Attributes:
        name: of the preset.
        diverged: the lane whose next update was not finite, at which the training ended.
    """

    run: Union["Session", "TrainingRun"]
    name: str
    diverged: int | None = None

    def end(self) -> None:
        """Exit with an error message if the training has diverged; call it after the report."""
        if self.diverged is not None:
            from rnn_tui.session.divergence import divergence

            run = self.run
            click.echo(f"Error: {escaped(divergence(run.preset, run.step, run.preset.names[self.diverged]))}", err=True)
            sys.exit(2)


def nets_of(source: str | None, steps: int | None, options: dict[str, Any]) -> NetsSource:
    """Return the nets of a saved run or a preset; ``options``: of ``data_options``.  Raises RnnTuiError.

    If the training is interrupted, the command ends.
    """
    if source is not None and is_run(source):
        return _saved(source, steps, options)
    found, complete = _trained(source, steps, options)
    if not complete:
        click.echo(f"stopped at step {found.run.step:,}", err=True)
        sys.exit(INTERRUPTED)
    return found


def is_run(source: str) -> bool:
    """Return whether the words name a saved run."""
    from rnn_tui.checkpoints import SUFFIX

    return source.endswith(SUFFIX)


def _saved(path: str, step: int | None, options: dict[str, Any]) -> NetsSource:
    """Return the nets of a saved run, at a step of its history."""
    changes, horizon = options.pop("changes"), options.pop("horizon")
    if changes or horizon != 1 or any(value not in (None, ()) for value in options.values()):
        raise click.UsageError("a saved run is read as it is: settings and data files need a preset")
    session, name = opened_run(path)
    if step is not None:
        if step > session.last_step:
            last = f"ends at step {session.last_step:,}"
            raise RnnTuiError(f"{escaped(path)} {last}; to train it further: rnn-tui train --resume {escaped(path)}")
        session.seek(step)
    return NetsSource(session, name)


def _trained(name: str | None, steps: int | None, options: dict[str, Any]) -> tuple[NetsSource, bool]:
    """Return the nets of a preset after its training, and whether it is complete."""
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
                return NetsSource(run, file.name, event.lane), True
            if asked():
                break
    return NetsSource(run, file.name), run.step == goal
