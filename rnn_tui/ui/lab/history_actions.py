"""Actions that move through training and keep curves for comparison."""

from rnn_tui.ui.panels.view_state import ViewAccess
from rnn_tui.ui.training import history_commands
from rnn_tui.ui.training.training_channel import TrainingChannel
from rnn_tui.ui.widgets.step_axis import nice

JUMPS = 20  # of [ and ] through all steps


class HistoryActions:
    """Actions of the training history; belongs to the screen's thread."""

    def __init__(self, channel: TrainingChannel, shown: ViewAccess) -> None:
        self._channel, self._shown = channel, shown

    def toggle_play(self) -> None:
        """Start or stop training; on the way to a step, stop there."""
        if self._shown.seen.goal is None or not self._channel.call_off():
            self._channel.send(history_commands.toggle_play())

    def step(self, by: int) -> None:
        """Make or undo ``by`` updates; while playing, stop and continue by hand."""
        self._channel.send(history_commands.step_by(by))

    def rewind(self) -> None:
        self._channel.send(history_commands.go(0))

    def jump(self, way: int) -> None:
        """Go to the next round step in a direction, about a twentieth of all steps away."""
        frame = self._shown.seen.frame
        stride = max(1, round(nice(0, max(1, frame.last_step), JUMPS)[1]))
        at = frame.step // stride + 1 if way > 0 else -(-frame.step // stride) - 1
        self._channel.seek(max(0, min(frame.last_step, at * stride)))

    def change_pace(self, way: int) -> None:
        self._channel.send(history_commands.change_pace(way))

    def pin(self) -> None:
        self._channel.send(history_commands.pin())

    def unpin(self) -> None:
        self._channel.send(history_commands.unpin())
