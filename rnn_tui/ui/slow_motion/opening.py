"""What the lab shows before it makes an update: all of it, in slow motion.  Only screen.py imports it."""

from rnn_tui.session.update_trace import SlowMotion
from rnn_tui.ui.lab.history_actions import Travel
from rnn_tui.ui.slow_motion.screen import SlowMotionScreen
from rnn_tui.ui.training.training_thread import TrainingThread


def update(lab: Travel) -> None:
    """Whether to make the next update, after a walk through it."""

    def take(lane: int) -> bool:
        def command(thread: TrainingThread) -> None:
            screen.post_message(SlowMotionScreen.Taken(taken(thread, lane)))

        return lab.send(command)

    def done(slow: SlowMotion | None) -> None:
        if slow is not None:
            lab.send(lambda thread: made(thread, slow))

    screen = SlowMotionScreen(lab.seen.unit, take, lab.seen.keys)
    lab.app.push_screen(screen, done)
    take(lab.seen.lane)


def taken(thread: TrainingThread, lane: int) -> SlowMotion:
    """The next update of a lane, which waits while one looks at it."""
    thread.play(False)
    return thread.session.slow_motion(min(lane, len(thread.session.preset.lanes) - 1))


def made(thread: TrainingThread, slow: SlowMotion) -> str:
    """The update that was looked at, if it is still the next one.  Raises Diverged, where another lane does."""
    if thread.session.stamp != slow.stamp:
        return "something has changed meanwhile; nothing was applied"
    thread.go(slow.frame.step + 1)
    applied = thread.session.step > slow.frame.step  # else it is asked first what becomes of a future that was cut off
    return f"applied: step {thread.session.step:,}" if applied else ""
