"""Slow motion from its key to the update: opens the screen, has the update taken apart, and has it made.

Only the lab imports it, and not before the key is pressed.
"""

from collections.abc import Callable

from textual.app import App

from rnn_tui.session.update_trace import UpdateTrace
from rnn_tui.ui.input.action_done import ActionReports, take_over
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.slow_motion.screen import SlowMotionScreen
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.training_channel import TrainingChannel
from rnn_tui.ui.training.training_thread import TrainingThread


def open_slow_motion(app: App[None], channel: TrainingChannel, reports: ActionReports, view: ViewState) -> None:
    """Walk through the next update, and make it if that is wanted at the end."""
    name = take_over()

    def take(lane: int) -> bool:
        return channel.send(Command(take_apart, (lane, reply)))

    def reply(slow: UpdateTrace) -> None:
        screen.post_message(SlowMotionScreen.Taken(slow))

    def done(slow: UpdateTrace | None) -> None:
        if slow is not None:
            with reports.running(name):
                channel.send(Command(make_update, (slow,)))

    screen = SlowMotionScreen(view.unit, take, view.keys)
    app.push_screen(screen, done)
    take(view.lane)


# What the training thread does.


def take_apart(thread: TrainingThread, lane: int, reply: Callable[[UpdateTrace], object]) -> None:
    """Give the next update of a lane to ``reply``, which may be called in any thread; training waits meanwhile."""
    thread.play(False)
    reply(thread.session.trace_update(min(lane, len(thread.session.preset.lanes) - 1)))


def make_update(thread: TrainingThread, slow: UpdateTrace) -> str:
    """Make the update that was looked at, if it is still the next one.  Raises Diverged, where another lane does."""
    if thread.session.stamp != slow.stamp:
        return "something has changed meanwhile; nothing was applied"
    thread.go(slow.frame.step + 1)
    applied = thread.session.step > slow.frame.step  # else it is asked first what becomes of a future that was cut off
    return f"applied: step {thread.session.step:,}" if applied else ""
