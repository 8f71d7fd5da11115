"""The lab's keys that move through training, and keep runs to compare with.  The lab and its questions import it."""

from collections.abc import Callable
from math import inf
from types import ModuleType
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from rnn_tui.session.frame import Demand
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.control_rows import PACES, Setting
from rnn_tui.ui.panels.loss import LossPanel
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.training.frame_publisher import Snapshot
from rnn_tui.ui.training.training_thread import Command, Player
from rnn_tui.ui.widgets.step_axis import StepChosen, nice

JUMPS = 20  # of [ and ] through all steps


class Travel(Screen[None]):
    """What the lab has beside its panels; questions see no more of it than this."""

    if TYPE_CHECKING:
        player: Player

        @property
        def seen(self) -> ViewState: ...

        def send(self, command: Command, travels: bool = False) -> bool: ...

        def catch_up(self) -> Snapshot: ...

        def quit(self) -> None: ...

        def set(self, setting: Setting, value: Any) -> None: ...

        def action_panel(self, name: str) -> None: ...

        def when_frame_has(self, demands: Demand, then: Callable[[], object]) -> None: ...

        @property
        def _ask(self) -> ModuleType: ...

    def action_play(self) -> None:
        if self.seen.goal is None or not self.player.call_off():
            self.send(lambda player: player.play(not player.playing))

    def action_step(self, by: int) -> None:
        """Updates forwards or backwards; a single one while playing means: stop here, and go on by hand."""
        self.send(lambda player: player.go(player.session.step + by), travels=True)

    def action_rewind(self) -> None:
        self.send(lambda player: player.go(0), travels=True)

    def action_jump(self, way: int) -> None:
        """A twentieth of all steps so far, to a round one."""
        frame = self.seen.frame
        stride = max(1, round(nice(0, max(1, frame.last_step), JUMPS)[1]))
        at = frame.step // stride + 1 if way > 0 else -(-frame.step // stride) - 1
        self.player.seek(max(0, min(frame.last_step, at * stride)))

    def action_go_to(self) -> None:
        self._ask.step(self)

    def action_call_off(self) -> None:
        self.player.call_off()

    def on_step_chosen(self, event: StepChosen) -> None:
        self.player.seek(event.step)

    def action_pace(self, way: int) -> None:
        def command(player: Player) -> None:
            order = [pace or inf for pace in (PACES if way > 0 else PACES[::-1])]
            pace = player.pace or inf
            beside = [p for p in order if (p - pace) * way > 0]
            if beside:
                player.set_pace(0 if beside[0] == inf else int(beside[0]))

        self.send(command)

    def action_pin(self) -> None:
        self.send(lambda player: player.session.pin())

    def action_unpin(self) -> None:
        self.send(lambda player: player.session.unpin())

    def action_magnify(self, factor: float) -> None:
        """A part of the loss chart, which is gone to where it is not shown."""
        panel = self.query_one(LossPanel)
        if not panel.display:
            self.action_panel(panel.declaration.name)
        self.call_after_refresh(panel.magnify, factor)

    def action_describe(self) -> None:
        self._ask.words(self)

    @property
    def panel(self) -> Panel | None:
        """The one that has the focus."""
        around = self.focused.ancestors_with_self if self.focused else ()
        return next((widget for widget in around if isinstance(widget, Panel)), None)
