"""What one looks at in the lab: the view, the panels that show it, and the keys that move both.  The lab is one."""

from dataclasses import replace
from typing import Any

from textual.reactive import var

from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.lab.history_actions import Travel
from rnn_tui.ui.lab.layout import Layout, way_out
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.comparison import ComparePanel
from rnn_tui.ui.panels.controls import Controls
from rnn_tui.ui.panels.equation import EquationPanel
from rnn_tui.ui.panels.hidden_state import HiddenPanel
from rnn_tui.ui.panels.loss import LossPanel
from rnn_tui.ui.panels.sequence import SequencePanel
from rnn_tui.ui.panels.view_state import DRAWINGS, View, input_rows
from rnn_tui.ui.widgets.tracks import TimeClicked

PANELS = (Controls, SequencePanel, HiddenPanel, LossPanel, ComparePanel, EquationPanel)


class Look(Travel):
    """Attributes down: ``view`` goes to every panel."""

    view: var[View | None] = var(None, init=False)

    def __init__(self, keys: Keymap) -> None:
        super().__init__()
        self._keys = keys
        self._panels = Layout()

    @property
    def seen(self) -> View:
        """The present view."""
        assert self.view is not None
        return self.view

    # Which panels there are.

    def on_resize(self) -> None:
        self.arrange_panels()

    def on_screen_suspend(self) -> None:
        self.arrange_panels()  # where there is no room, dialogs are left by other keys

    def on_screen_resume(self) -> None:
        if self.view is not None:
            self.arrange_panels()

    def arrange_panels(self, **changes: Any) -> None:
        """Show the panels that fit; ``changes`` are of the layout's active panel and zoom."""
        width, height = self.app.size
        view, frame = self.seen, self.seen.frame
        leave = f"{self._keys.printed('app.quit')} quits" if self.is_active else way_out(self.app.screen)
        layout = replace(
            self._panels, width=width, height=height, lanes=len(frame.lanes), inputs=input_rows(frame.task),
            units=len(view.units), steps=frame.length, each=view.columns,
            curves=view.curves is not None, way_out=leave, **changes,
        )  # fmt: skip
        if self.panel and "active" not in changes:
            layout = layout.keeping(self.panel.number)
        if layout != self._panels:
            self._panels = layout
            layout.apply(self)
        if self.focused is None and layout.visible:  # it was too small for the panel one was in
            self.query_one(PANELS[layout.active - 1]).focus()

    def action_panel(self, number: int) -> None:
        self.arrange_panels(active=number)
        self.query_one(PANELS[number - 1]).focus()

    def action_zoom(self) -> None:
        active = self.panel.number if self.panel else self._panels.active
        self.arrange_panels(active=active, zoomed=not self._panels.zoomed)

    def _recolour(self, _: object) -> None:
        for panel in self.query(Panel):
            panel.redraw()
        self._panels.apply(self)
        self.view = replace(self.seen)

    # What they show.

    def action_time(self, by: int) -> None:
        view = self.seen
        self.view = replace(view, t=max(0, min(view.frame.length - 1, view.t + by)))

    def action_unit(self, by: int) -> None:
        view = self.seen
        self.view = replace(view, unit=(view.unit + by) % len(view.units))

    def action_lane(self) -> None:
        view = self.seen
        lane = (view.lane + 1) % len(view.frame.lanes)
        self.view = replace(view, lane=lane, unit=min(view.unit, view.frame.lanes[lane].hidden.shape[1] - 1))
        self.arrange_panels()  # it may have more units, or fewer

    def action_state(self) -> None:
        view = self.seen
        names = list(view.shown.states)
        if len(names) == 1:
            self._tell(f"{view.shown.label} has no state but h; a gru or an lstm has gates")
        self.view = replace(view, wanted=names[(names.index(view.state) + 1) % len(names)])

    def action_drawing(self) -> None:
        if self.seen.frame.task.foretells:
            following = DRAWINGS[(DRAWINGS.index(self.seen.drawing) + 1) % len(DRAWINGS)]
            self.view = replace(self.seen, drawing=following)
            self.arrange_panels()
        else:
            self._tell("only forecasts of numbers can be drawn over the truth")

    def action_log(self) -> None:
        self.view = replace(self.seen, log=not self.seen.log)

    def on_time_clicked(self, event: TimeClicked) -> None:
        self.view = replace(self.seen, t=event.t, unit=self.seen.unit if event.unit is None else event.unit)

    def _tell(self, why: str) -> None:
        """Why a key does nothing here."""
        self._make_room()
        self.notify(why, markup=False)

    def _make_room(self, wrong: bool = False) -> None:
        """One notification at a time, and no good news over bad news."""
        if wrong or not any(note.severity == "error" for note in self.app._notifications):
            self.app.clear_notifications()
