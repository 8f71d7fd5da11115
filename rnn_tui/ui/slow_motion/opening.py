"""What the lab shows before it makes an update: all of it, in slow motion.  Only screen.py imports it."""

from rnn_tui.session.update_trace import UpdateTrace
from rnn_tui.ui.lab.history_actions import Travel
from rnn_tui.ui.slow_motion.screen import SlowScreen
from rnn_tui.ui.training.training_thread import Player


def update(lab: Travel) -> None:
    """Whether to make the next update, after a walk through it."""

    def take(lane: int) -> bool:
        def command(player: Player) -> None:
            screen.post_message(SlowScreen.Taken(taken(player, lane)))

        return lab.send(command)

    def done(slow: UpdateTrace | None) -> None:
        if slow is not None:
            lab.send(lambda player: made(player, slow))

    screen = SlowScreen(lab.seen.unit, take, lab.seen.keys)
    lab.app.push_screen(screen, done)
    take(lab.seen.lane)


def taken(player: Player, lane: int) -> UpdateTrace:
    """The next update of a lane, which waits while one looks at it."""
    player.play(False)
    return player.session.trace_update(min(lane, len(player.session.preset.lanes) - 1))


def made(player: Player, slow: UpdateTrace) -> str:
    """The update that was looked at, if it is still the next one.  Raises DivergenceError, where another lane does."""
    if player.session.stamp != slow.stamp:
        return "something has changed meanwhile; nothing was applied"
    player.go(slow.frame.step + 1)
    applied = player.session.step > slow.frame.step  # else it is asked first what becomes of a future that was cut off
    return f"applied: step {player.session.step:,}" if applied else ""
