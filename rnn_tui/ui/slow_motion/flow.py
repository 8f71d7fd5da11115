"""Slow motion: opens the screen, computes the trace of the update, and makes the update.

Only the lab imports it, when the key is pressed.
"""

from collections.abc import Callable

from textual.app import App

from rnn_tui.session.update_trace import UpdateTrace
from rnn_tui.ui.input.action_done import ActionReports, take_over
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.slow_motion.screen import LessonAccess, SlowMotionScreen
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.training_channel import TrainingChannel
from rnn_tui.ui.training.training_thread import TrainingThread


def open_slow_motion(
    app: App[None], channel: TrainingChannel, reports: ActionReports, view: ViewState, lesson: LessonAccess
) -> None:
    """Show the next update step by step, and make it if the user applies it; the ``lesson`` goes on meanwhile."""
    name = take_over()

    def take(lane: int) -> bool:
        return channel.send(Command(take_apart, (lane, reply)))

    def reply(slow: UpdateTrace) -> None:
        screen.post_message(SlowMotionScreen.Taken(slow))

    def done(slow: UpdateTrace | None) -> None:
        if slow is not None:
            with reports.running(name):
                channel.send(Command(make_update, (slow,)))

    if view.frame.what_if:
        app.notify("Slow motion shows the update of the nets as they are: what if changes nothing of it.", markup=False)
    screen = SlowMotionScreen(view.unit, take, view.keys, lesson)
    app.push_screen(screen, done)
    take(view.lane)


# Functions of the training thread.


def take_apart(thread: TrainingThread, lane: int, reply: Callable[[UpdateTrace], object]) -> None:
    """Pass the trace of a lane's next update to ``reply``, which may be called in any thread; training stops."""
    thread.play(False)
    reply(thread.session.trace_update(min(lane, len(thread.session.preset.lanes) - 1)))


def make_update(thread: TrainingThread, slow: UpdateTrace) -> str:
    """Make the update that was shown, if it is still the next one.  Raises DivergenceError if a lane diverges."""
    if thread.session.stamp != slow.stamp:
        return "the run has changed meanwhile; the update was not applied"
    thread.go(slow.frame.step + 1)
    applied = thread.session.step > slow.frame.step  # otherwise the user is asked first about the steps after a change
    return f"applied: step {thread.session.step:,}" if applied else ""
