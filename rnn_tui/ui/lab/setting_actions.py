"""Actions that change settings; settings of a lane are those of the lane under the cursor."""

from rnn_tui.ui.panels.control_rows import Setting
from rnn_tui.ui.panels.view_state import ViewAccess
from rnn_tui.ui.training import setting_commands
from rnn_tui.ui.training.training_channel import TrainingChannel


class SettingActions:
    """Actions of settings; belongs to the screen's thread."""

    def __init__(self, channel: TrainingChannel, shown: ViewAccess) -> None:
        self._channel, self._shown = channel, shown

    def put(self, setting: Setting, value: object) -> None:
        """Set a value."""
        self._channel.send(setting_commands.put(setting, value))

    def change_of_lane(self, name: str, way: int) -> None:
        """Change a setting of the lane, given by its name in a preset."""
        lane = self._shown.seen.lane
        self._channel.send(setting_commands.beside(f"lanes.{lane}.{name}", lane, way))

    def match(self) -> None:
        self._channel.send(setting_commands.match(self._shown.seen.lane))

    def duplicate_lane(self) -> None:
        self._channel.send(setting_commands.duplicate_lane(self._shown.seen.lane))

    def remove_lane(self) -> None:
        self._channel.send(setting_commands.remove_lane(self._shown.seen.lane))

    def reseed(self) -> None:
        self._channel.send(setting_commands.reseed())

    def undo(self) -> None:
        self._channel.send(setting_commands.undo())

    def redo(self) -> None:
        self._channel.send(setting_commands.redo())
