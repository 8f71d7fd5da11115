"""Commands that move through training, and keep curves to compare with."""

from math import inf

from rnn_tui.ui.panels.control_rows import PACES
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.training_thread import TrainingThread


def toggle_play() -> Command:
    """Train, or stop."""
    return Command(_toggle_play)


def _toggle_play(thread: TrainingThread) -> None:
    thread.play(not thread.playing)


def step_by(count: int) -> Command:
    """Updates forwards, or backwards; while it plays: stop here, and continue by hand."""
    return Command(_step_by, (count,), travels=True)


def _step_by(thread: TrainingThread, count: int) -> None:
    thread.go(thread.session.step + count)


def go(step: int) -> Command:
    """Go to a step."""
    return Command(TrainingThread.go, (step,), travels=True)


def change_pace(way: int) -> Command:
    """The next pace above (1) or below (−1)."""
    return Command(_change_pace, (way,))


def _change_pace(thread: TrainingThread, way: int) -> None:
    order = [pace or inf for pace in (PACES if way > 0 else PACES[::-1])]
    present = thread.pace or inf
    following = [pace for pace in order if (pace - present) * way > 0]
    if following:
        thread.set_pace(0 if following[0] == inf else int(following[0]))


def pin() -> Command:
    """Keep the curves of this run."""
    return Command(_pin)


def _pin(thread: TrainingThread) -> str:
    return thread.session.pin()


def unpin() -> Command:
    """Drop the curves that were kept last."""
    return Command(_unpin)


def _unpin(thread: TrainingThread) -> str:
    return thread.session.unpin()


def resolve_future(answer: str) -> Command:
    """Keep the steps that a change in the past has cut off as a curve ("fork"), or drop them ("cut")."""
    return Command(_resolve_future, (answer,))


def _resolve_future(thread: TrainingThread, answer: str) -> str | None:
    if answer == "fork":
        return thread.session.fork()
    thread.session.cut()
    return None
