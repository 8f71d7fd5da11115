"""Commands that move through training and keep curves for comparison."""

from math import inf

from rnn_tui.ui.panels.control_rows import PACES
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.training_thread import TrainingThread


def toggle_play() -> Command:
    """Return a command that starts or stops training."""
    return Command(_toggle_play)


def _toggle_play(thread: TrainingThread) -> None:
    thread.play(not thread.playing)


def step_by(count: int) -> Command:
    """Return a command that makes or undoes updates; while playing, it stops training and continues by hand."""
    return Command(_step_by, (count,), travels=True)


def _step_by(thread: TrainingThread, count: int) -> None:
    thread.go(thread.session.step + count)


def go(step: int) -> Command:
    """Return a command that goes to a step."""
    return Command(TrainingThread.go, (step,), travels=True)


def change_pace(way: int) -> Command:
    """Return a command for the next higher (1) or lower (−1) pace."""
    return Command(_change_pace, (way,))


def _change_pace(thread: TrainingThread, way: int) -> None:
    order = [pace or inf for pace in (PACES if way > 0 else PACES[::-1])]
    present = thread.pace or inf
    following = [pace for pace in order if (pace - present) * way > 0]
    if following:
        thread.set_pace(0 if following[0] == inf else int(following[0]))


def pin() -> Command:
    """Return a command that keeps the curves of this run."""
    return Command(_pin)


def _pin(thread: TrainingThread) -> str:
    return thread.session.pin()


def unpin() -> Command:
    """Return a command that drops the curves kept last."""
    return Command(_unpin)


def _unpin(thread: TrainingThread) -> str:
    return thread.session.unpin()


def resolve_future(answer: str) -> Command:
    """Return a command that keeps the steps after a change as a curve ("fork") or discards them ("cut")."""
    return Command(_resolve_future, (answer,))


def _resolve_future(thread: TrainingThread, answer: str) -> str | None:
    if answer == "fork":
        return thread.session.fork()
    thread.session.cut()
    return None
