"""The keys that change settings, of the lane under the cursor where it is a lane's."""

from rnn_tui.ui.panels.control_rows import Setting
from rnn_tui.ui.panels.view_state import ViewAccess
from rnn_tui.ui.training import setting_commands
from rnn_tui.ui.training.training_channel import TrainingChannel


class SettingActions:
    """Belongs to the screen's thread."""

    def __init__(self, channel: TrainingChannel, shown: ViewAccess) -> None:
        self._channel, self._shown = channel, shown

    def change(self, setting: Setting, way: int) -> None:
        """The next value (1), or the one before (−1)."""
        self._channel.send(setting_commands.beside(setting.key, self._shown.seen.lane, way))

    def change_of_lane(self, name: str, way: int) -> None:
        """The same for a setting of the lane, by its name in a preset."""
        lane = self._shown.seen.lane
        self._channel.send(setting_commands.beside(f"lanes.{lane}.{name}", lane, way))

    def match(self) -> None:
        self._channel.send(setting_commands.match(self._shown.seen.lane))

    def reseed(self) -> None:
        self._channel.send(setting_commands.reseed())

    def undo(self) -> None:
        self._channel.send(setting_commands.undo())

    def redo(self) -> None:
        self._channel.send(setting_commands.redo())
