"""What one looks at in the lab: the view, the panels that show it, and the keys that move both.  The lab is one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from textual.reactive import var

from rnn_tui.session.frame import Demand
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.lab.history_actions import Travel
from rnn_tui.ui.lab.layout import Layout, way_out
from rnn_tui.ui.lab.status_lines import StatusLine
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.declaration import Contents
from rnn_tui.ui.panels.view_state import DRAWINGS, ViewState, input_rows
from rnn_tui.ui.widgets.tracks import TimeClicked


class Look(Travel):
    """Attributes down: ``view`` goes to every panel."""

    view: var[ViewState | None] = var(None, init=False)

    def __init__(self, keys: Keymap) -> None:
        super().__init__()
        self._keys = keys
        self._panels = Layout()
        self._awaited: tuple[Demand, Callable[[], object]] | None = None  # what waits for a frame that has more

    @property
    def seen(self) -> ViewState:
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
        contents = Contents(
            lanes=len(frame.lanes), inputs=input_rows(frame.task), units=len(view.units), steps=frame.length,
            each=view.columns, curves=view.curves is not None,
        )  # fmt: skip
        layout = replace(self._panels, width=width, height=height, contents=contents, way_out=leave, **changes)
        if self.panel and "active" not in changes:
            layout = layout.keeping(self.panel.declaration.name)
        if layout != self._panels:
            self._panels = layout
            layout.apply(self)
        if self.focused is None and layout.visible:  # it was too small for the panel one was in
            self._panel_named(layout.focused.name).focus()
        self._demand()

    def _panel_named(self, name: str) -> Panel:
        return next(panel for panel in self.query(Panel) if panel.declaration.name == name)

    def action_panel(self, name: str) -> None:
        panel = self._panel_named(name)
        self.arrange_panels(active=name, page=panel.declaration.page or self._panels.page)
        panel.focus()

    def action_zoom(self) -> None:
        active = self.panel.declaration.name if self.panel else self._panels.active
        self.arrange_panels(active=active, zoomed=not self._panels.zoomed)

    # What a frame must have.

    def watch_view(self) -> None:
        self._demand()
        if self._awaited is not None and self._awaited[0] in self.seen.frame.demands:
            (_, then), self._awaited = self._awaited, None
            then()

    def when_frame_has(self, demands: Demand, then: Callable[[], object]) -> None:
        """Do something with a frame that has so much: now, or when there is one."""
        if demands in self.seen.frame.demands:
            then()
        else:
            self._awaited = demands, then
            self._demand()

    def _demand(self) -> None:
        """Have frames made with what is shown, and with nothing else; the cursor itself needs the probe."""
        if self.view is None or not self.is_mounted:
            return
        demands = Demand.PROBE | self.query_one(StatusLine).demands(self.view)
        for panel in self.query(Panel):
            if panel.display:
                demands |= panel.demands(self.view)
        if self._awaited is not None:
            demands |= self._awaited[0]
        self.player.demand(demands)

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
