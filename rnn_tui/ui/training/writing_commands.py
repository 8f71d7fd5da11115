"""Command that lets the nets write text."""

from collections.abc import Callable
from dataclasses import dataclass

from rnn_tui.session.generation import Writing, first_symbol, written
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.training_thread import TrainingThread


@dataclass(frozen=True)
class Texts:
    """Texts that the nets have written.

    Attributes:
        wanted: what was asked for.
        step: the step at which they were written.
        prompt: the beginning of each text that the nets only read.
        texts: for each lane, with the prompt; empty if the answers of the net are not finite.
    """

    wanted: Writing
    step: int
    prompt: str
    texts: tuple[str, ...]


def write(wanted: Writing, reply: Callable[[Texts], object]) -> Command:
    """Return a command that passes the texts to ``reply``, which may be called in any thread."""
    return Command(_write, (wanted, reply))


def _write(thread: TrainingThread, wanted: Writing, reply: Callable[[Texts], object]) -> None:
    session = thread.session
    experiment = session.experiment
    texts = (written(experiment, lane, timeline, wanted) for lane, timeline in enumerate(session.timelines))
    prompt = experiment.task.spelled(list(wanted.prompt or (first_symbol(experiment),)))
    reply(Texts(wanted, session.step, prompt, tuple(texts)))
